using System.Xml;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace ExplicitCluster.Data.Store;

/// <summary>Turns what the Blob service and its SDK throw into one line of cause and one of remedy. Only status and error code are told: messages may hold addresses with keys.</summary>
/// <param name="address">The store's address, without secrets.</param>
internal sealed class BlobErrors(string address)
{
    private const string Resume = "Then go on with 'explicit jobs resume'.";
    private const int MostAttempts = 8;

    /// <summary>
    /// Runs a request. The SDK's retries do not know of an error's text that breaks off, nor of what HTTP took for whole and is not: such a request is made again.
    /// </summary>
    public async Task<T> GuardAsync<T>(string doing, Func<Task<T>> action, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (Exception error) when (attempt < MostAttempts && (error is IOException || IsGarbled(error)))
            {
                ct.ThrowIfCancellationRequested();
            }
            catch (AggregateException) when (ct.IsCancellationRequested)
            {
                throw new OperationCanceledException(ct);
            }
            catch (Exception error) when (Translate(doing, error, ct) is { } translated)
            {
                throw translated;
            }
        }
    }

    public StoreException Garbled(string doing, Exception? error) => new(
        $"Cannot {doing}: what is sent to the store {address}, or comes from it, arrives garbled.", $"Check the network and what lies between. {Resume}", error);

    private static bool IsGarbled(Exception error) =>
        error is EndOfStreamException or InvalidDataException or XmlException || (error is RequestFailedException { Status: 400 } refused && refused.ErrorCode == BlobErrorCode.Md5Mismatch);

    private StoreException? Translate(string doing, Exception error, CancellationToken ct) => error switch
    {
        // All tries failed; the last says why.
        AggregateException { InnerExceptions: [.., var last] } => Translate(doing, last, ct),
        RequestFailedException failed when !IsGarbled(failed) => Of(doing, failed),
        AuthenticationFailedException => new StoreException(
            $"Cannot {doing}: no credentials for the store {address} were found.", "Sign in (az login), give the process an identity, or set StoreConnection.", error),
        OperationCanceledException when !ct.IsCancellationRequested => Unreachable(doing, error),
        _ when IsGarbled(error) => Garbled(doing, error),
        HttpRequestException or IOException => Unreachable(doing, error),
        _ => null,
    };

    private StoreException Of(string doing, RequestFailedException error)
    {
        if (error.Status == 0) return Unreachable(doing, error);
        var (cause, remedy) = (error.Status, error.ErrorCode) switch
        {
            (401 or 403, _) => ("refuses these credentials", "Check the connection string or the identity's role (Storage Blob Data Contributor)."),
            (_, var code) when code == BlobErrorCode.ContainerNotFound || code == BlobErrorCode.ContainerBeingDeleted => ("has lost its container", $"Restore it with what it held. {Resume} Or make an empty one, and train again."),
            (507, _) => ("is full", $"Free space there. {Resume}"),
            (429 or 503, _) => ("asks for fewer requests, and did so for too long", $"Wait, or raise the account's limits. {Resume}"),
            ( >= 500, _) => ("fails", $"Look into its state. {Resume}"),
            _ => ("refuses the request", $"Look the code up in the documentation of Azure Storage. {Resume}"),
        };
        return new StoreException($"Cannot {doing}: the store {address} {cause} ({error.Status} {error.ErrorCode}).", remedy, error);
    }

    private StoreException Unreachable(string doing, Exception error) => new(
        $"Cannot {doing}: the store {address} does not answer.", $"Check the network and the account's address. {Resume}", error);
}
