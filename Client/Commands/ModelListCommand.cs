using System.CommandLine;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models list</c>: reads the store; needs no silo.</summary>
internal static class ModelListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the models of the store, newest first.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var models = await ModelFolder.ListAsync(await context.OpenStoreAsync(cancellationToken), CommandContext.Warn, cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(ModelView.JsonOf(models));
        else
            ModelView.Show(models, context.Out);
        return ExitCode.Done;
    }
}
