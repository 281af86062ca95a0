using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary>Finds the one job that an id, or the start of one, names.</summary>
internal static partial class JobLookup
{
    /// <exception cref="JobException">None or several.</exception>
    public static async Task<JobRecord> FindAsync(IArtifactStore store, string address, string id, CancellationToken cancellationToken)
    {
        if (FullId.IsMatch(id) && await JobFolder.ReadAsync(store, id, cancellationToken) is { } exact)
            return exact.Value;
        var records = (await JobFolder.ListAsync(store, CommandContext.Warn, cancellationToken)).Where(record => record.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        return records.Count == 1
            ? records[0]
            : throw new JobException(records.Count == 0 ? $"no job '{id}' in the store {address}" : $"'{id}' is the start of {records.Count} jobs", "see 'explicit jobs list'");
    }

    /// <summary>The job's full id; a cluster knows full ids itself, and the store is needed for shorter ones only.</summary>
    public static async Task<string> FindAsync(ClusterConnection connection, CommandContext context, string id, CancellationToken cancellationToken)
    {
        if (FullId.IsMatch(id) && await ClusterCalls.RetryAsync(token => connection.Grains.GetGrain<ITrainingJobGrain>(id).GetAsync(token), cancellationToken) is not null)
            return id;
        var address = await context.StoreAddressAsync(connection, cancellationToken);
        return (await FindAsync(CommandContext.Open(address), address, id, cancellationToken)).Id;
    }

    [GeneratedRegex(@"\A[0-9]{8}-[0-9]{6}-[0-9a-f]{8}\z")]
    private static partial Regex FullId { get; }
}
