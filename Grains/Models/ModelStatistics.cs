using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models;

/// <summary>The statistics that a model was solved from.</summary>
internal static class ModelStatistics
{
    /// <exception cref="JobException">They are no longer in the store.</exception>
    public static async Task<CountTable> LoadAsync(IArtifactStore store, ModelDescription model, CancellationToken cancellationToken)
    {
        try
        {
            return await MergedTables.LoadAsync(store, model.Lineage.Statistics, cancellationToken);
        }
        catch (ArtifactMissingException missing)
        {
            throw new JobException($"the statistics of {model.Name}/{model.Version} are no longer in the store: {missing.Message}", "train the model again");
        }
    }
}
