using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace ExplicitCluster.Testing;

/// <summary>A request or an answer of HTTP/1.1, whole.</summary>
internal sealed class HttpMessage
{
    private const string LengthHeader = "Content-Length";
    private const string EncodingHeader = "Transfer-Encoding";

    private readonly List<(string Name, string Value)> _headers = [];

    private HttpMessage(string start) => Start = start;

    /// <summary>The first line.</summary>
    public string Start { get; }

    public byte[] Body { get; private set; } = [];

    private bool IsChunked => this[EncodingHeader] is not null;

    /// <summary>A header's value; null where it is absent.</summary>
    public string? this[string name] => _headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>An error as Blob storage tells it.</summary>
    public static HttpMessage Error(string status, string code, bool hasBody, string? retryAfter = null)
    {
        var error = new HttpMessage($"HTTP/1.1 {status}") { Body = !hasBody ? [] : Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>injected</Message></Error>") };
        error._headers.AddRange([("x-ms-error-code", code), (LengthHeader, error.Body.Length.ToString(CultureInfo.InvariantCulture))]);
        if (hasBody)
            error._headers.Add(("Content-Type", "application/xml"));
        if (retryAfter is not null)
            error._headers.Add(("Retry-After", retryAfter));
        return error;
    }

    /// <summary>Reads a message up to its body; null where the connection ended before one began.</summary>
    public static async Task<HttpMessage?> ReadHeadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        if (await LineAsync(reader, cancellationToken) is not { } start)
            return null;
        var message = new HttpMessage(start);
        while (await LineAsync(reader, cancellationToken) is { Length: > 0 } line)
            message._headers.Add((line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
        return message;
    }

    public async Task ReadBodyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        if (!IsChunked)
        {
            Body = await BytesAsync(reader, int.Parse(this[LengthHeader] ?? "0", CultureInfo.InvariantCulture), cancellationToken);
            return;
        }
        using var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse((await LineAsync(reader, cancellationToken))!.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await BytesAsync(reader, size, cancellationToken));
            await LineAsync(reader, cancellationToken); // its end
            if (size == 0)
                break;
        }
        Body = body.ToArray();
    }

    public void Remove(string name) => _headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Changes a bit in the midst of the body.</summary>
    public void Change()
    {
        if (Body.Length > 0)
            Body[Body.Length / 2] ^= 1;
    }

    /// <summary>Keeps half of the body and says nowhere how long it was.</summary>
    public void Shorten()
    {
        Body = Body[..(Body.Length / 2)];
        Remove(LengthHeader);
        Remove(EncodingHeader);
        _headers.Add((EncodingHeader, "chunked"));
    }

    /// <summary>The message as it goes over the wire; without its body where the answer is one to a HEAD request.</summary>
    public byte[] ToBytes(bool hasBody = true)
    {
        var head = Encoding.Latin1.GetBytes($"{Start}\r\n{string.Concat(_headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n");
        if (!hasBody)
            return head;
        if (!IsChunked)
            return [.. head, .. Body];
        var size = Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Body.Length:x}\r\n"));
        return Body.Length == 0 ? [.. head, .. "0\r\n\r\n"u8] : [.. head, .. size, .. Body, .. "\r\n0\r\n\r\n"u8];
    }

    private static async Task<string?> LineAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return read.Buffer.IsEmpty ? null : throw new EndOfStreamException();
        }
    }

    private static async Task<byte[]> BytesAsync(PipeReader reader, int count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        var read = await reader.ReadAtLeastAsync(count, cancellationToken);
        if (read.Buffer.Length < count)
            throw new EndOfStreamException();
        var part = read.Buffer.Slice(0, count);
        var bytes = part.ToArray();
        reader.AdvanceTo(part.End);
        return bytes;
    }
}
