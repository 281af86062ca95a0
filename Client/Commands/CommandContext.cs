using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Configuration;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Data.Store;
using Spectre.Console;

namespace ExplicitCluster.Client.Commands;

/// <summary>What every command shares: the options that all have, the store, and the two consoles. Results go to standard output, all else to standard error.</summary>
internal sealed class CommandContext
{
    /// <summary>A file or a pipe has no width: lines of text are not broken there.</summary>
    private const int RedirectedWidth = 4096;

    private static readonly string DefaultStore = Path.Combine(".", ".explicit");

    private readonly string? _store;

    private CommandContext(ParseResult parsed)
    {
        Cluster = ClusterProfile.Find(parsed.GetValue(ClusterOption));
        var store = parsed.GetValue(StoreOption) ?? (Cluster is null ? Environment.GetEnvironmentVariable("EXPLICIT__STORE") ?? DefaultStore : Cluster.Store);
        _store = store is null ? null : AddressOf(store);
        Json = parsed.GetValue(JsonOption);
        Verbose = parsed.GetValue(VerboseOption);
    }

    public static Option<string?> StoreOption { get; } = new("--store")
    {
        Description = "Artifact store: decoded data, statistics, jobs and models. A folder, blob:CONTAINER or https://ACCOUNT.blob.core.windows.net/CONTAINER. "
            + "Default: EXPLICIT__STORE, or .explicit in the current folder; with --cluster the cluster's own.",
        HelpName = "STORE",
        Recursive = true,
    };

    public static Option<string?> ClusterOption { get; } = new("--cluster")
    {
        Description = "Cluster to work in: redis://[user:password@]host[:port][/name], rediss:// for TLS, or a profile of ~/.config/explicit/config.yaml. "
            + "Default: EXPLICIT__CLUSTER, or none: a silo in this process.",
        HelpName = "CLUSTER",
        Recursive = true,
    };

    public static Option<bool> JsonOption { get; } = new("--json") { Description = "Print one JSON document on standard output.", Recursive = true };

    public static Option<bool> VerboseOption { get; } = new("--verbose") { Description = "Log the silo, and show stack traces.", Recursive = true };

    /// <summary>The cluster to work in; null for a silo in this process.</summary>
    public ClusterProfile? Cluster { get; }

    public bool Json { get; }

    public bool Verbose { get; }

    /// <summary>Where results go.</summary>
    public IAnsiConsole Out { get; } = ConsoleOn(Console.Out, Console.IsOutputRedirected);

    /// <summary>Where progress and errors go.</summary>
    public IAnsiConsole Error { get; } = ErrorConsole();

    public static CommandContext Of(ParseResult parsed) => new(parsed);

    public static IAnsiConsole ErrorConsole() => ConsoleOn(Console.Error, Console.IsErrorRedirected);

    /// <summary>The store itself, for commands that need no silo of their own.</summary>
    public async Task<IArtifactStore> OpenStoreAsync(CancellationToken cancellationToken) => Open(await StoreAddressAsync(cancellationToken));

    /// <summary>A store at an address; its secret comes from the environment.</summary>
    public static IArtifactStore Open(string address) => ArtifactStores.Open(address, Environment.GetEnvironmentVariable("EXPLICIT__STORECONNECTION"));

    /// <summary>Where the store is; a cluster is asked where neither the command line nor its profile tells.</summary>
    public async Task<string> StoreAddressAsync(CancellationToken cancellationToken)
    {
        if (_store is not null)
            return _store;
        await using var connection = await ConnectAsync(cancellationToken);
        return await StoreAddressAsync(connection, cancellationToken);
    }

    /// <summary>As the other, for a command that has a connection.</summary>
    public async Task<string> StoreAddressAsync(ClusterConnection connection, CancellationToken cancellationToken)
    {
        if (_store is not null)
            return _store;
        var address = (await connection.ReportsAsync(cancellationToken))[0].Store;
        return IsUri(address) || Directory.Exists(address)
            ? address
            : throw new JobException($"the cluster's store is the folder {address} of its machines, which is not here", "mount it and name it with --store");
    }

    /// <exception cref="InvalidOperationException">The command works without a cluster.</exception>
    public Task<ClusterConnection> ConnectAsync(CancellationToken cancellationToken) =>
        ClusterConnection.OpenAsync(Cluster ?? throw new InvalidOperationException("There is no cluster to connect to."), Verbose, cancellationToken);

    /// <summary>Tells what a list leaves out.</summary>
    public static void Warn(Exception damaged) => Console.Error.WriteLine($"left out: {damaged.Message}");

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }

    private static bool IsUri(string store) => Uri.TryCreate(store, UriKind.Absolute, out var uri) && !uri.IsFile;

    /// <exception cref="UsageException">It is the address of no kind of store.</exception>
    public static string AddressOf(string store)
    {
        if (string.IsNullOrWhiteSpace(store))
            throw new UsageException("the store's address is empty", "name a folder with --store or EXPLICIT__STORE");
        if (!Uri.TryCreate(store, UriKind.Absolute, out var uri) || uri.IsFile)
            return Path.GetFullPath(uri is { IsFile: true } ? uri.LocalPath : store);
        if (uri.Scheme is "blob" or "https")
            return store;
        throw new UsageException(
            $"--store {ClusterProfile.WithoutSecrets(store)}: a store is a folder or a blob container, and '{uri.Scheme}:' is neither",
            "give a folder, e.g. --store ./store, or blob:CONTAINER with EXPLICIT__STORECONNECTION");
    }
}
