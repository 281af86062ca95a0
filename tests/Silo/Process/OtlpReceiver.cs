using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Silo.Tests.Process;

/// <summary>What an OpenTelemetry collector is to silos and clients: takes spans over HTTP (OTLP, protobuf) and keeps them.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();

    public OtlpReceiver()
    {
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Endpoint { get; }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>Paths that were posted to.</summary>
    public ConcurrentDictionary<string, bool> Paths { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var path = context.Request.Url!.AbsolutePath;
            Paths[path] = true;
            if (path == "/v1/traces")
                Read(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    /// <summary>opentelemetry/proto/trace/v1: resource spans (1) of scope spans (2) of spans (2).</summary>
    private void Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request).Where(field => field.Number == 1))
        {
            var resource = Fields(resourceSpans.Value).Where(field => field.Number == 1).SelectMany(field => Attributes(field.Value, 1)).ToDictionary();
            foreach (var span in Fields(resourceSpans.Value).Where(field => field.Number == 2).SelectMany(scope => Fields(scope.Value).Where(field => field.Number == 2)))
            {
                var fields = Fields(span.Value).ToLookup(field => field.Number, field => field.Value);
                Spans.Enqueue(new ReceivedSpan(
                    resource.GetValueOrDefault("service.name", ""),
                    Encoding.UTF8.GetString(fields[5].Single()),
                    Convert.ToHexStringLower(fields[1].Single()),
                    Convert.ToHexStringLower(fields[2].Single()),
                    Convert.ToHexStringLower(fields[4].SingleOrDefault([])),
                    Attributes(span.Value, 9).ToDictionary()));
            }
        }
    }

    /// <summary>Attributes whose values are strings: pairs of key (1) and value (2), the string being field 1 of that.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Attributes(byte[] message, int number) =>
        from field in Fields(message)
        where field.Number == number
        let pair = Fields(field.Value).ToDictionary(part => part.Number, part => part.Value)
        where pair.ContainsKey(2)
        let text = Fields(pair[2]).FirstOrDefault(part => part.Number == 1).Value
        where text is not null
        select new KeyValuePair<string, string>(Encoding.UTF8.GetString(pair[1]), Encoding.UTF8.GetString(text));

    /// <summary>The fields of a message that hold bytes; numbers are passed over.</summary>
    private static List<(int Number, byte[] Value)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new FormatException($"byte {at}: no such kind of field");
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(message[at] & 0x7f) << shift;
            if (message[at++] < 0x80)
                return value;
        }
    }
}
