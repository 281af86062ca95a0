using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>A model's weights for a report, beside the explicit solution of the same statistics.</summary>
/// <param name="Model">The model.</param>
/// <param name="Insight">Its weights in the light of its statistics.</param>
/// <param name="Explicit">The explicit solution; null where the model is that itself.</param>
/// <param name="Movement">From the explicit solution to the model; null likewise.</param>
public sealed record ReportedWeights(TrainedModel Model, ModelInsight Insight, ModelInsight? Explicit, WeightMovement? Movement)
{
    private const int MostMoved = 3;

    /// <summary>Null where the statistics are no longer in the store.</summary>
    public static async Task<ReportedWeights?> LoadAsync(IArtifactStore store, ModelDescription description, CancellationToken cancellationToken)
    {
        var model = await TrainedModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
        try
        {
            var insight = await ModelInsight.LoadAsync(store, model, cancellationToken);
            return insight.Unrefined() is { } unrefined
                ? new ReportedWeights(model, insight, insight.With(unrefined), insight.MovementFrom(unrefined, MostMoved))
                : new ReportedWeights(model, insight, null, null);
        }
        catch (JobException)
        {
            return null;
        }
    }
}
