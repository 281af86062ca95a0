namespace ExplicitCluster.Grains.Hosting;

/// <summary>Drains the gate as the silo tells the cluster that it is shutting down, before its grains must be gone: refinements lead their workers elsewhere meanwhile.</summary>
internal sealed class GateDrain(ComputeGate gate) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(GateDrain), ServiceLifecycleStage.BecomeActive, _ => Task.CompletedTask, gate.DrainAsync);
}
