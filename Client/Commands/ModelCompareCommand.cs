using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models compare M1 M2</c>: settings and figures side by side, how far the weights of each class are apart, which inputs moved most, and which shards moved the counts.</summary>
internal static class ModelCompareCommand
{
    private const int MostMoved = 10;

    public static Command Create()
    {
        var first = ModelsCommand.ModelArgument("M1");
        var second = ModelsCommand.ModelArgument("M2");
        var command = new Command("compare", "Compares two models: settings, figures, how far the weights of each class are apart, which inputs moved most, and which shards moved the counts.") { first, second };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string first, string second, CancellationToken cancellationToken)
    {
        var store = await context.OpenStoreAsync(cancellationToken);
        var (left, leftResult) = await LoadAsync(store, first, cancellationToken);
        var (right, rightResult) = await LoadAsync(store, second, cancellationToken);
        var (movement, notCompared) = await MovementAsync(store, left, right, cancellationToken);
        var comparison = new ModelComparison(left, leftResult, right, rightResult, movement, notCompared)
        {
            Counts = await CountComparison.OfAsync(store, left, right, MostMoved, cancellationToken),
        };
        if (context.Json)
            Console.Out.WriteLine(ComparisonView.JsonOf(comparison));
        else
            ComparisonView.Show(comparison, context.Out);
        return ExitCode.Done;
    }

    private static async Task<(WeightMovement?, string? NotCompared)> MovementAsync(
        IArtifactStore store, TrainedModel left, TrainedModel right, CancellationToken cancellationToken)
    {
        try
        {
            var movement = (await ModelInsight.LoadAsync(store, right, cancellationToken)).MovementFrom(left, MostMoved);
            return (movement, movement is null ? "the models have no feature map, shape of a row or labels in common" : null);
        }
        catch (JobException missing)
        {
            return (null, missing.Message);
        }
    }

    private static async Task<(TrainedModel, JobResult?)> LoadAsync(IArtifactStore store, string reference, CancellationToken cancellationToken)
    {
        var description = await ModelFolder.FindAsync(store, reference, cancellationToken);
        var model = await TrainedModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
        return (model, (await JobFolder.ReadAsync(store, description.Lineage.Job, cancellationToken))?.Value.Result);
    }
}
