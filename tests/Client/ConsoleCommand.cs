using ExplicitCluster.Client.Commands;

namespace ExplicitCluster.Client.Tests;

/// <summary>Runs commands in this process, with its console: tests that do are of one collection, which runs one after the other.</summary>
[CollectionDefinition(nameof(ConsoleCommand))]
public sealed class ConsoleCommand
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var (before, beforeError) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter(), new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (await ExplicitCommand.RunAsync(arguments), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }
    }
}
