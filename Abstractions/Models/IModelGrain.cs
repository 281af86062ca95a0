using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Models;

/// <summary>A published model, keyed by <c>name/version</c>: loads it once and answers from it.</summary>
[Alias("explicit.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Evaluates the model on labelled sources.</summary>
    [Alias("Evaluate"), ResponseTimeout("12:00:00")]
    Task<EvaluationReport> EvaluateAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken = default);

    /// <summary>Predicts every row of the sources, in order, in batches.</summary>
    [Alias("Predict")]
    IAsyncEnumerable<PredictionBatch> PredictAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken = default);
}
