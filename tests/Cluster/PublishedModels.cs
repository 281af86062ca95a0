using System.Security.Cryptography;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Cluster.Tests;

internal static class PublishedModels
{
    /// <summary>Every model of a store is whole and has these weights.</summary>
    public static async Task AssertAreAsync(IArtifactStore store, string weightsSha256)
    {
        foreach (var model in await ModelFolder.ListAsync(store, damaged => Assert.Fail(damaged.Message), CancellationToken.None))
        {
            Assert.Equal(weightsSha256, model.WeightsSha256);
            var weights = await store.ReadAsync(ModelFolder.WeightsName(ModelFolder.PathOf(model.Name, model.Version)), CancellationToken.None);
            Assert.Equal(model.WeightsFileSha256, Convert.ToHexStringLower(SHA256.HashData(weights!.Content)));
        }
    }
}
