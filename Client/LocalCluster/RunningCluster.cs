using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Client.LocalCluster;

/// <summary>
/// Silo processes on this machine and, unless one is given, their Redis. A server that dies is started again, later each time and not for ever;
/// at the end silos are told to stop and Redis last.
/// </summary>
internal sealed class RunningCluster(ClusterSettings settings, Action<string> notice) : IAsyncDisposable
{
    private const string ReadyLine = "silo ready";
    private const int MostDeathsInARow = 8;

    private static readonly TimeSpan StartPeriod = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RedisPeriod = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SiloGrace = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan RedisGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Who lives so long did not die of its start.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<string> _program = SiloProgram.Find();
    private readonly List<RunningSilo> _silos = [];
    private readonly CancellationTokenSource _stopping = new();
    private ServerProcess? _redis;
    private int _redisPort;
    private FileStream? _lock;

    public IReadOnlyList<RunningSilo> Silos => _silos;

    /// <summary>The cluster's address, without its password.</summary>
    public string Address { get; private set; } = settings.Redis?.ToString() ?? "";

    /// <summary>Starts everything and waits until all silos are active.</summary>
    /// <exception cref="JobException">A server did not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TakeFolder();
        if (settings.Redis is null)
            await StartRedisAsync(cancellationToken);
        for (var number = 1; number <= settings.Silos; number++)
            _silos.Add(new RunningSilo(number, FreePort.Next(), FreePort.Next(), FreePort.Next(), Path.Combine(settings.Folder, "logs", $"silo-{number}.log")));
        foreach (var silo in _silos)
            silo.Process = Launch(silo);
        await Task.WhenAll(_silos.Select(silo => ReadyAsync(silo, cancellationToken)));
    }

    /// <summary>Watches over the servers until it is cancelled, or until one cannot be kept alive.</summary>
    /// <exception cref="JobException">A server died too often.</exception>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var kept = _silos.Select(silo => KeepAsync(silo, stopping.Token)).ToList();
        if (settings.Redis is null)
            kept.Add(KeepRedisAsync(stopping.Token));
        await await Task.WhenAny(kept);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_silos.Select(silo => silo.Process?.StopAsync(SiloGrace) ?? Task.CompletedTask));
        foreach (var silo in _silos)
            silo.Process?.Dispose();
        if (_redis is not null)
            await _redis.StopAsync(RedisGrace);
        _redis?.Dispose();
        _lock?.Dispose();
        _stopping.Dispose();
    }

    private void TakeFolder()
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(settings.Folder, "logs"));
            Directory.CreateDirectory(Path.Combine(settings.Folder, "redis"));
            if (Path.IsPathRooted(settings.Store))
                Directory.CreateDirectory(settings.Store);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"the folder {settings.Folder} cannot be used: {exception.Message}", "name another with --data");
        }
        try
        {
            _lock = new FileStream(Path.Combine(settings.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new JobException($"another 'explicit cluster up' uses the folder {settings.Folder}", "stop it, or name another folder with --data");
        }
    }

    private async Task StartRedisAsync(CancellationToken cancellationToken)
    {
        _redisPort = FreePort.Next();
        Address = ClusterAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redisPort}")).Address!.ToString();
        _redis = LaunchRedis();
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, _redisPort, cancellationToken);
                return;
            }
            catch (SocketException) when (!_redis.Ended.IsCompleted && Stopwatch.GetElapsedTime(start) < RedisPeriod)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(30), cancellationToken);
            }
            catch (SocketException)
            {
                throw new JobException($"redis-server does not start: {_redis.LastLine}", $"see {RedisLog}, or name a Redis that runs with --redis");
            }
        }
    }

    private string RedisLog => Path.Combine(settings.Folder, "logs", "redis.log");

    private ServerProcess LaunchRedis()
    {
        var program = ServerProcess.OnPath("redis-server")
            ?? throw new JobException("redis-server is not installed", "install it (Debian: apt-get install redis-server), or name a Redis that runs with --redis redis://host:port");
        string[] command =
        [
            program, "--bind", "127.0.0.1", "--port", _redisPort.ToString(CultureInfo.InvariantCulture), "--dir", Path.Combine(settings.Folder, "redis"),
            "--appendonly", "yes", "--save", "",
        ];
        return ServerProcess.Start(command, [], RedisLog, null);
    }

    private ServerProcess Launch(RunningSilo silo)
    {
        (string, string)[] environment =
        [
            .. silo.Environment,
            ("EXPLICIT__CLUSTER", Address),
            ("EXPLICIT__CLUSTERPASSWORD", settings.Redis?.Password ?? ""),
            ("EXPLICIT__STORE", settings.Store),
            ("EXPLICIT__COMPUTESLOTS", settings.Slots.ToString(CultureInfo.InvariantCulture)),
        ];
        return ServerProcess.Start(_program, environment, silo.Log, ReadyLine);
    }

    private static async Task ReadyAsync(RunningSilo silo, CancellationToken cancellationToken)
    {
        var process = silo.Process!;
        var first = await Task.WhenAny(process.Ready, process.Ended, Task.Delay(StartPeriod, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (first == process.Ready)
            return;
        throw new JobException(
            process.Ended.IsCompleted ? $"silo {silo.Number} does not start: {process.LastLine}" : $"silo {silo.Number} was not ready within {StartPeriod.TotalSeconds:0} s",
            $"see {silo.Log}");
    }

    private Task KeepAsync(RunningSilo silo, CancellationToken cancellationToken) => KeepAsync(
        $"silo {silo.Number}", silo.Log, () => silo.Process!, () => silo.Process = Launch(silo), cancellationToken);

    private Task KeepRedisAsync(CancellationToken cancellationToken) => KeepAsync("redis-server", RedisLog, () => _redis!, () => _redis = LaunchRedis(), cancellationToken);

    private async Task KeepAsync(string name, string log, Func<ServerProcess> current, Action launch, CancellationToken cancellationToken)
    {
        var deaths = 0;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            var process = current();
            var code = await process.Ended.WaitAsync(cancellationToken);
            var lived = Stopwatch.GetElapsedTime(start);
            deaths = lived > Settled ? 1 : deaths + 1;
            if (deaths > MostDeathsInARow)
                throw new JobException($"{name} died {deaths} times in a row: {process.LastLine}", $"see {log}; the memory of this machine may not suffice for so many silos");
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, TimeSpan.FromMilliseconds(250).Ticks << (deaths - 1)));
            notice($"{name} (process {process.Id}) died with exit code {code}; it is started again in {pause.TotalSeconds:0.##} s; see {log}");
            await Task.Delay(pause, cancellationToken);
            process.Dispose();
            launch();
            notice($"{name} is process {current().Id} now");
        }
    }
}
