using System.CommandLine;
using ExplicitCluster.Data.Store;
using Spectre.Console;

namespace ExplicitCluster.Client.Commands;

/// <summary>What every command shares: the options that all have, and the two consoles. Results go to standard output, all else to standard error.</summary>
internal sealed class CommandContext
{
    /// <summary>A file or a pipe has no width: lines of text are not broken there.</summary>
    private const int RedirectedWidth = 4096;

    private static readonly string DefaultStore = Path.Combine(".", ".explicit");

    private CommandContext(ParseResult parsed)
    {
        StoreFolder = StoreFolderOf(parsed.GetValue(StoreOption));
        Json = parsed.GetValue(JsonOption);
        Verbose = parsed.GetValue(VerboseOption);
    }

    public static Option<string?> StoreOption { get; } = new("--store")
    {
        Description = "Folder of the artifact store: decoded data, statistics, jobs and models. Default: EXPLICIT__STORE, or .explicit in the current folder.",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public static Option<bool> JsonOption { get; } = new("--json") { Description = "Print one JSON document on standard output.", Recursive = true };

    public static Option<bool> VerboseOption { get; } = new("--verbose") { Description = "Log the silo, and show stack traces.", Recursive = true };

    public string StoreFolder { get; }

    public bool Json { get; }

    public bool Verbose { get; }

    /// <summary>Where results go.</summary>
    public IAnsiConsole Out { get; } = ConsoleOn(Console.Out, Console.IsOutputRedirected);

    /// <summary>Where progress and errors go.</summary>
    public IAnsiConsole Error { get; } = ErrorConsole();

    public static CommandContext Of(ParseResult parsed) => new(parsed);

    public static IAnsiConsole ErrorConsole() => ConsoleOn(Console.Error, Console.IsErrorRedirected);

    /// <summary>The store itself, for commands that need no silo.</summary>
    public FolderArtifactStore OpenStore() => new(StoreFolder);

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }

    /// <summary>Tells what a list leaves out.</summary>
    public static void Warn(Exception damaged) => Console.Error.WriteLine($"left out: {damaged.Message}");

    private static string StoreFolderOf(string? option)
    {
        var store = option ?? Environment.GetEnvironmentVariable("EXPLICIT__STORE") ?? DefaultStore;
        if (string.IsNullOrWhiteSpace(store))
            throw new UsageException("the store's folder is empty", "name a folder with --store or EXPLICIT__STORE");
        if (Uri.TryCreate(store, UriKind.Absolute, out var uri) && !uri.IsFile)
            throw new UsageException($"--store {store}: this version keeps its store in a folder, and '{uri.Scheme}:' is none", "give a folder, e.g. --store ./store");
        return Path.GetFullPath(uri is { IsFile: true } ? uri.LocalPath : store);
    }
}
