namespace ExplicitCluster.Grains.Hosting;

/// <summary>Ends a stay, once.</summary>
internal sealed class GateStay(Action leave) : IDisposable
{
    private Action? _leave = leave;

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
