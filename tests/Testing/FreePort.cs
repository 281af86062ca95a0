using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ExplicitCluster.Testing;

/// <summary>Loopback ports that nobody listens on, each given once: a port that was let go of may be the next one that the system offers.</summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = [];

    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (Given.TryAdd(port, true))
                return port;
        }
    }
}
