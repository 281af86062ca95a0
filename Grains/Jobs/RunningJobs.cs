using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>Which jobs of a cluster run: <c>running/ID</c>, written before a job's record and deleted after its end, so that a silo finds what to go on with.</summary>
internal sealed class RunningJobs(IArtifactStore store)
{
    private const string Root = "running/";

    public Task AddAsync(string job, CancellationToken cancellationToken) =>
        store.WriteAsync(Root + job, (stream, token) => stream.WriteAsync(new byte[] { (byte)'\n' }, token).AsTask(), WriteCondition.Always, cancellationToken);

    public Task RemoveAsync(string job, CancellationToken cancellationToken) => store.DeleteAsync(Root + job, cancellationToken);

    public async IAsyncEnumerable<string> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in store.ListAsync(Root, cancellationToken))
            yield return name[Root.Length..];
    }
}
