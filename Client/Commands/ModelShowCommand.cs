using System.CommandLine;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models show M</c>: settings, hashes and lineage.</summary>
internal static class ModelShowCommand
{
    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("show", "Shows a model's settings, hashes and lineage.") { model };
        command.SetAction((parsed, cancellationToken) => RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string reference, CancellationToken cancellationToken)
    {
        var model = await ModelFolder.FindAsync(await context.OpenStoreAsync(cancellationToken), reference, cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(ModelView.JsonOf(model));
        else
            ModelView.Show(model, context.Out);
        return ExitCode.Done;
    }
}
