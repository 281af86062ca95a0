namespace ExplicitCluster.Grains.Refinement;

/// <summary>Calls of many grains at once.</summary>
internal static class GrainCalls
{
    public static Task AllAsync(IEnumerable<Task> calls) => AllAsync(calls.Select(async call =>
    {
        await call;
        return 0;
    }));

    /// <summary>The results in order; the first failure at once, however long the others take.</summary>
    public static async Task<T[]> AllAsync<T>(IEnumerable<Task<T>> calls)
    {
        var all = calls.ToArray();
        await foreach (var done in Task.WhenEach(all))
            await done;
        return await Task.WhenAll(all);
    }
}
