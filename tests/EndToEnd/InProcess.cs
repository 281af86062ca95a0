using ExplicitCluster.Client.Commands;

namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>
/// The console's commands in the tests' process, where nothing depends on there being another one: a start takes longer than most of them. They have the
/// process's console, folder and variables, so the tests that do this are of one collection, which runs one after the other.
/// </summary>
[CollectionDefinition(nameof(InProcess))]
public sealed class InProcess
{
    internal static Task<Outcome> RunAsync(string folder, params string[] arguments) => RunAsync(new Launch { Folder = folder }, arguments);

    internal static async Task<Outcome> RunAsync(Launch launch, params string[] arguments)
    {
        var (output, error, folder) = (Console.Out, Console.Error, Directory.GetCurrentDirectory());
        var before = launch.Environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        Console.SetOut(newOutput);
        Console.SetError(newError);
        Directory.SetCurrentDirectory(launch.Folder);
        Set(launch.Environment);
        try
        {
            var exitCode = await ExplicitCommand.RunAsync(arguments).WaitAsync(launch.Deadline);
            return new Outcome($"explicit {string.Join(' ', arguments)}", exitCode, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            Set(before);
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private static void Set(IReadOnlyDictionary<string, string?> variables)
    {
        foreach (var (name, value) in variables)
            Environment.SetEnvironmentVariable(name, value);
    }
}
