using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="IAveragingReducerGrain"/>
/// <remarks>Only <see cref="AddAsync"/> interleaves, where every worker waits until all have come: who was let go is not prepared again before it is gone.</remarks>
[SpreadPlacement]
internal sealed class AveragingReducerGrain(RefinementGate gate) : RefinementGrain, IAveragingReducerGrain
{
    private readonly Dictionary<(int Round, int Part), Mean> _means = [];
    private long _epoch = -1;
    private int _workers;

    protected override long Epoch => _epoch;

    public Task PrepareAsync(long epoch, int workers, CancellationToken cancellationToken = default)
    {
        if (_epoch > epoch)
            throw Stale();
        foreach (var mean in _means.Values)
            mean.Done.TrySetException(Stale());
        _means.Clear();
        DelayDeactivation(RefinementLife.Longest);
        (_epoch, _workers) = (epoch, workers);
        return Task.CompletedTask;
    }

    public async Task<ParameterPart> AddAsync(ParameterPart part, CancellationToken cancellationToken = default)
    {
        if (part.Epoch != _epoch)
            throw Stale();
        var key = (part.Round, part.Part);
        var mean = _means.TryGetValue(key, out var begun) ? begun : _means[key] = new Mean(new ParameterPart[_workers]);
        mean.Parts[part.Worker] = part;
        if (!mean.Parts.Contains(null!))
        {
            _means.Remove(key);
            _ = AverageAsync(mean); // observed by all who wait
        }
        return await gate.WaitAsync(mean.Done.Task, cancellationToken);
    }

    private async Task AverageAsync(Mean mean)
    {
        try
        {
            mean.Done.TrySetResult(await gate.RunAsync(
                _ =>
                {
                    var values = mean.Parts.Select(part => (ReadOnlyMemory<float>)MemoryMarshal.Cast<byte, float>(part.Values.Span).ToArray()).ToArray();
                    var average = new float[values[0].Length];
                    Averaging.Average(values, [.. mean.Parts.Select(part => part.Rows)], average);
                    return Task.FromResult(mean.Parts[^1] with { Values = MemoryMarshal.AsBytes(average.AsSpan()).ToArray() });
                },
                CancellationToken.None));
        }
        catch (Exception exception)
        {
            mean.Done.TrySetException(exception);
        }
    }

    private static SiloUnavailableException Stale() => new("the reducer has lost its parts, or another attempt has begun");

    /// <summary>The parts of all workers, and who waits for their mean.</summary>
    private sealed record Mean(ParameterPart[] Parts)
    {
        public TaskCompletionSource<ParameterPart> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
