using System.CommandLine;
using ExplicitCluster.Client.Configuration;
using ExplicitCluster.Client.LocalCluster;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit cluster up</c>: silo processes on this machine, until Ctrl-C or SIGTERM.</summary>
internal static class ClusterUpCommand
{
    /// <summary>Silos finish the shards that they work on.</summary>
    public static readonly TimeSpan StopPeriod = TimeSpan.FromSeconds(60);

    private const int MostSilos = 64;
    private const int MostSlots = 1024;

    private static readonly Option<int> SilosOption = Whole("--silos", "Number of silo processes.", 2, MostSilos);

    private static readonly Option<int> SlotsOption = Whole("--slots", "Compute slots of each silo; 0 shares the processors out.", 0, MostSlots);

    private static readonly Option<string> DataOption = new("--data")
    {
        Description = "Folder for Redis' data, the logs and, without --store, the artifact store.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ".explicit-cluster",
    };

    private static readonly Option<string?> RedisOption = new("--redis")
    {
        Description = "A Redis that runs already, redis://[user:password@]host[:port][/name]; otherwise one is started.",
        HelpName = "ADDRESS",
    };

    public static Command Create()
    {
        var command = new Command("up", "Starts a cluster on this machine and keeps it up until Ctrl-C.") { SilosOption, DataOption, RedisOption, SlotsOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(CommandContext.ClusterOption) is not null)
            throw new UsageException("'cluster up' starts a cluster of its own", "leave --cluster out; a Redis that runs already is named with --redis");
        var settings = SettingsOf(parsed);
        await using var cluster = new RunningCluster(settings, line => Console.Error.WriteLine(line));
        try
        {
            Console.Error.WriteLine($"starting {settings.Silos} silos over {settings.Store} ...");
            await cluster.StartAsync(cancellationToken);
            Console.Out.WriteLine(parsed.GetValue(CommandContext.JsonOption) ? ClusterView.JsonOf(cluster, settings) : ClusterView.TextOf(cluster, settings));
            await cluster.KeepAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine("stopping the silos; shards in work are finished ...");
        }
        return ExitCode.Done;
    }

    private static ClusterSettings SettingsOf(ParseResult parsed)
    {
        var silos = parsed.GetValue(SilosOption);
        var slots = parsed.GetValue(SlotsOption) is > 0 and var given ? given : Math.Max(1, Environment.ProcessorCount / silos);
        var data = parsed.GetRequiredValue(DataOption);
        if (string.IsNullOrWhiteSpace(data))
            throw new UsageException("the data folder is empty", "name a folder with --data");
        var folder = Path.GetFullPath(data);
        var store = parsed.GetValue(CommandContext.StoreOption) is { } address ? CommandContext.AddressOf(address) : Path.Combine(folder, "store");
        return new ClusterSettings(silos, slots, folder, store, RedisOf(parsed.GetValue(RedisOption)));
    }

    private static ClusterAddress? RedisOf(string? text)
    {
        if (text is null)
            return null;
        var (address, problem) = ClusterAddress.Parse(text);
        return address?.WithPassword(Environment.GetEnvironmentVariable("EXPLICIT__CLUSTERPASSWORD"))
            ?? throw new UsageException($"--redis {ClusterProfile.WithoutSecrets(text)}: {problem}", "for example --redis redis://localhost:6379/explicit");
    }

    private static Option<int> Whole(string name, string description, int standard, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        var least = Math.Min(standard, 1);
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is var value && value >= least && value <= most)
                return;
            result.AddError($"{name} must be from {least} to {most} (was {value})");
        });
        return option;
    }
}
