using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models compare M1 M2</c>: settings and figures side by side, and how far the weights of each class are apart.</summary>
internal static class ModelCompareCommand
{
    public static Command Create()
    {
        var first = ModelsCommand.ModelArgument("M1");
        var second = ModelsCommand.ModelArgument("M2");
        var command = new Command("compare", "Compares two models.") { first, second };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string first, string second, CancellationToken cancellationToken)
    {
        var store = await context.OpenStoreAsync(cancellationToken);
        var (left, leftResult) = await LoadAsync(store, first, cancellationToken);
        var (right, rightResult) = await LoadAsync(store, second, cancellationToken);
        var comparison = new ModelComparison(left, leftResult, right, rightResult);
        if (context.Json)
            Console.Out.WriteLine(ComparisonView.JsonOf(comparison));
        else
            ComparisonView.Show(comparison, context.Out);
        return ExitCode.Done;
    }

    private static async Task<(TrainedModel, JobResult?)> LoadAsync(IArtifactStore store, string reference, CancellationToken cancellationToken)
    {
        var description = await ModelFolder.FindAsync(store, reference, cancellationToken);
        var model = await TrainedModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
        return (model, (await JobFolder.ReadAsync(store, description.Lineage.Job, cancellationToken))?.Value.Result);
    }
}
