using System.Net.Sockets;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Silos;
using ExplicitCluster.Client.Configuration;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ExplicitCluster.Client.Hosting;

/// <summary>A client of a running cluster. It finds other gateways by itself when one dies; calls in between fail and are asked again.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectPeriod = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopPeriod = TimeSpan.FromSeconds(3);

    private static readonly (string Type, string Name)[] Kinds =
        [("TrainingJobGrain", "jobs"), ("ShardGrain", "shards"), ("ReducerGrain", "reducers"), ("ModelGrain", "models")];

    private readonly IHost _host;

    private ClusterConnection(IHost host, ClusterProfile profile) => (_host, Profile) = (host, profile);

    public ClusterProfile Profile { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Connects within a bounded time.</summary>
    /// <exception cref="JobException">Redis or all silos cannot be reached.</exception>
    public static async Task<ClusterConnection> OpenAsync(ClusterProfile profile, bool verbose, CancellationToken cancellationToken)
    {
        await ProbeAsync(profile.Address, cancellationToken);
        var attempts = new Attempts();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.None);
        if (verbose)
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleansClient(client =>
        {
            client.UseRedisCluster(profile.Address).AddActivityPropagation();
            client.Services.AddSingleton<IClientConnectionRetryFilter>(attempts);
        });
        var connection = new ClusterConnection(builder.Build(), profile);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ConnectPeriod);
        try
        {
            await connection._host.StartAsync(deadline.Token).WaitAsync(deadline.Token);
            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(profile.Address, attempts.Last ?? exception);
        }
    }

    /// <summary>The silos that the cluster knows of, dead ones too.</summary>
    public async Task<IReadOnlyList<(SiloAddress Address, SiloStatus Status)>> SilosAsync(CancellationToken cancellationToken)
    {
        var silos = await ClusterCalls.RetryAsync(token => Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false, token), cancellationToken);
        return [.. silos.Select(silo => (silo.Key, silo.Value))];
    }

    /// <summary>What a silo says of itself; null where it does not answer.</summary>
    public async Task<SiloStatusReport?> StatusOfAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            return await Grains.GetGrain<ISiloGrain>(silo.ToParsableString()).StatusAsync(cancellationToken).WaitAsync(ClusterCalls.MostPerCall, cancellationToken);
        }
        catch (Exception exception) when (ClusterCalls.IsPassing(exception, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>What every active silo that answers says of itself; at least one.</summary>
    /// <exception cref="JobException">None answers.</exception>
    public async Task<IReadOnlyList<SiloStatusReport>> ReportsAsync(CancellationToken cancellationToken)
    {
        var active = (await SilosAsync(cancellationToken)).Where(silo => silo.Status == SiloStatus.Active);
        var reports = (await Task.WhenAll(active.Select(silo => StatusOfAsync(silo.Address, cancellationToken)))).OfType<SiloStatusReport>().ToList();
        return reports.Count > 0 ? reports : throw NoSilo(Profile.Address, "none answers");
    }

    /// <summary>Active grains of ours by their kind, over all silos.</summary>
    public async Task<IReadOnlyDictionary<string, int>> GrainsAsync(CancellationToken cancellationToken)
    {
        var statistics = await ClusterCalls.RetryAsync(token => Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics(token), cancellationToken);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var one in statistics)
        {
            if (Kinds.FirstOrDefault(kind => one.GrainType.Contains(kind.Type, StringComparison.Ordinal)) is { Name: { } name })
                counts[name] = counts.GetValueOrDefault(name) + one.ActivationCount;
        }
        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _host.StopAsync(StopPeriod).WaitAsync(2 * StopPeriod);
            await ((IAsyncDisposable)_host).DisposeAsync().AsTask().WaitAsync(StopPeriod);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or ObjectDisposedException or OrleansException or RedisException or InvalidOperationException)
        {
            // The process ends anyway; whoever could not be said goodbye to is gone.
        }
    }

    /// <summary>Tells at once what Redis' own client would tell after many seconds: nobody listens there.</summary>
    private static async Task ProbeAsync(ClusterAddress address, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ProbePeriod);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, deadline.Token);
        }
        catch (SocketException exception)
        {
            throw NoRedis(address, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoRedis(address, $"no answer within {ProbePeriod.TotalSeconds:0} s");
        }
    }

    private static JobException Unreachable(ClusterAddress address, Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException!)
        {
            if (inner is RedisException)
            {
                return ClusterAddress.IsOfPassword(exception) ? WrongPassword(address)
                    : ClusterAddress.IsOfCertificate(exception) ? NoRedis(address, "its certificate is not trusted here, or it speaks no TLS; SSL_CERT_FILE names trusted ones")
                    : NoRedis(address, "it does not answer as a Redis server does");
            }
        }
        return NoSilo(address, exception is SiloUnavailableException ? "none is listed as running" : "those listed do not answer");
    }

    private static JobException NoRedis(ClusterAddress address, string seen) =>
        new($"cluster {address}: Redis cannot be reached at {address.Host}:{address.Port} ({seen})", "check the address, and that Redis runs and lets this machine in");

    private static JobException WrongPassword(ClusterAddress address) =>
        new($"cluster {address}: Redis refuses the password", "set EXPLICIT__CLUSTERPASSWORD, or passwordFile in the profile");

    private static JobException NoSilo(ClusterAddress address, string seen) =>
        new($"cluster {address}: Redis answers, but no silo can be reached ({seen})", "start silos for this cluster, e.g. 'explicit cluster up', or check the name at the end of the address");

    /// <summary>Remembers why attempts failed; the deadline ends them.</summary>
    private sealed class Attempts : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

        public Exception? Last { get; private set; }

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            Last = exception;
            if (ClusterAddress.IsOfPassword(exception) || ClusterAddress.IsOfCertificate(exception))
                return false;
            await Task.Delay(Pause, cancellationToken);
            return true;
        }
    }
}
