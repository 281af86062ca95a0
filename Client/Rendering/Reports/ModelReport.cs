using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>All that a report tells of a model, read from the store.</summary>
/// <param name="Model">Its description.</param>
/// <param name="Job">The job that made it; null where its record is gone.</param>
/// <param name="Weights">Its weights and statistics; null where the statistics are gone.</param>
public sealed record ModelReport(ModelDescription Model, JobRecord? Job, ReportedWeights? Weights)
{
    public string Name => $"{Model.Name}/{Model.Version}";

    public JobResult? Result => Job?.Result;

    /// <summary>The rounds or sweeps: the job's, which has test figures also where they came at the end, or the model's.</summary>
    public ImmutableArray<RefinementRound> Rounds =>
        Result is { Refinement.IsEmpty: false } result ? result.Refinement : Model.Lineage.Refinement?.Rounds ?? [];

    /// <summary>What the job evaluated, test rows last.</summary>
    public IReadOnlyList<(string Rows, EvaluationReport Report)> Evaluations =>
        [.. new[] { ("training rows", Result?.Train), ("test rows", Result?.Test) }.Where(part => part.Item2 is not null).Select(part => (part.Item1, part.Item2!))];

    public static async Task<ModelReport> LoadAsync(IArtifactStore store, ModelDescription model, CancellationToken cancellationToken) => new(
        model,
        await JobOfAsync(store, model, cancellationToken),
        await ReportedWeights.LoadAsync(store, model, cancellationToken));

    /// <summary>The record, if it is there and whole.</summary>
    private static async Task<JobRecord?> JobOfAsync(IArtifactStore store, ModelDescription model, CancellationToken cancellationToken)
    {
        try
        {
            return (await JobFolder.ReadAsync(store, model.Lineage.Job, cancellationToken))?.Value;
        }
        catch (Exception exception) when (exception is ArtifactDamagedException or JobException)
        {
            return null;
        }
    }
}
