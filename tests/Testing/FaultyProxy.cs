using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace ExplicitCluster.Testing;

/// <summary>
/// A TCP proxy in front of a real Blob server that does to each request what a script says. Requests are numbered by kind and path, so that a script
/// decides the same whatever order they come in.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(300);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(StoreRequestKind, string), int> _counts = new();
    private readonly ConcurrentQueue<(StoreRequest, StoreFault)> _injected = new();
    private readonly int _server;
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="server">Loopback port of the server.</param>
    public FaultyProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The fault of a request; null for none. Called from many threads.</summary>
    public Func<StoreRequest, StoreFault?> Script { get; set; } = _ => null;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string ConnectionString => AzuriteServer.ConnectionStringTo(Port);

    /// <summary>All faults so far, in the order they were injected.</summary>
    public IReadOnlyCollection<(StoreRequest Request, StoreFault Fault)> Injected => _injected;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using var _ = client;
        try
        {
            client.NoDelay = true;
            var reader = PipeReader.Create(client.GetStream());
            while (await HttpMessage.ReadHeadAsync(reader, _stop.Token) is { } request)
            {
                if (request["Expect"] is not null)
                {
                    request.Remove("Expect");
                    await client.GetStream().WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
                }
                await request.ReadBodyAsync(reader, _stop.Token);
                if (!await AnswerAsync(client, reader, request))
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Either side went away, or the test is over; the other learns of it by its connection's end.
        }
    }

    /// <summary>Answers one request; false where the connection is over.</summary>
    private async Task<bool> AnswerAsync(TcpClient client, PipeReader reader, HttpMessage request)
    {
        var asked = StoreRequest.Of(request, key => _counts.AddOrUpdate(key, 0, (_, count) => count + 1));
        var fault = Script(asked);
        if (fault is { } injected)
            _injected.Enqueue((asked, injected));
        var hasBody = asked.Kind != StoreRequestKind.Stat;
        switch (fault)
        {
            case StoreFault.Delay:
                await Task.Delay(Late, _stop.Token);
                break;
            case StoreFault.Stall:
                await reader.ReadAsync(_stop.Token); // until the client gives up
                return false;
            case StoreFault.Reset:
                return Reset(client);
            case StoreFault.Broken:
                return await SendAsync(client, HttpMessage.Error("500 Internal Error", "InternalError", hasBody).ToBytes());
            case StoreFault.Busy:
                return await SendAsync(client, HttpMessage.Error("503 Server Busy", "ServerBusy", hasBody).ToBytes());
            case StoreFault.TooMany:
                return await SendAsync(client, HttpMessage.Error("429 Too Many Requests", "TooManyRequests", hasBody, "1").ToBytes());
            case StoreFault.ChangedRequest:
                request.Change();
                break;
        }
        var answer = await ForwardAsync(request, hasBody);
        switch (fault)
        {
            case StoreFault.LostAnswer:
                return Reset(client);
            case StoreFault.CutAnswer:
                var whole = answer.ToBytes(hasBody);
                await SendAsync(client, whole[..(whole.Length - (hasBody && answer.Body.Length > 0 ? answer.Body.Length : whole.Length) / 2 - 1)]);
                return false;
            case StoreFault.ShortAnswer:
                answer.Shorten();
                break;
            case StoreFault.ChangedAnswer:
                answer.Change();
                break;
        }
        return await SendAsync(client, answer.ToBytes(hasBody));
    }

    private async Task<HttpMessage> ForwardAsync(HttpMessage request, bool hasBody)
    {
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
        await SendAsync(server, request.ToBytes());
        var reader = PipeReader.Create(server.GetStream());
        var answer = await HttpMessage.ReadHeadAsync(reader, _stop.Token) ?? throw new EndOfStreamException();
        if (hasBody)
            await answer.ReadBodyAsync(reader, _stop.Token);
        return answer;
    }

    private async Task<bool> SendAsync(TcpClient client, byte[] message)
    {
        await client.GetStream().WriteAsync(message, _stop.Token);
        return true;
    }

    /// <summary>Ends the connection the hard way: what is on its way is lost.</summary>
    private static bool Reset(TcpClient client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Client.Close(); // the socket itself: its stream would say goodbye first
        return false;
    }
}
