using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// Averaged SGD of a language model's values. A round's artifacts are named by the solution that the first one started from, and its last one says that it ended:
/// whoever takes the job on goes on with the next. All of them stay until the job is done.
/// </summary>
internal sealed partial class TrainingJobGrain
{
    /// <summary>Gives the parts of the model as the last round left them, what their names begin with, and what the rounds brought.</summary>
    private async Task<(SolvedPart[] Parts, string Name, ImmutableArray<RefinementRound> Rounds)> RefineLanguageAsync(
        LanguagePlan plan, LanguageTables tables, FitResult weights, RunTotals[] runs, SolvedPart[] parts, CancellationToken cancellationToken)
    {
        var (name, rounds) = (JobFolder.WeightsPartsOf(Id, _record!.Attempts), ImmutableArray<RefinementRound>.Empty);
        if (Specification.Refine.Method == RefineMethod.None)
            return (parts, name, rounds);
        var (averaging, shares) = (Specification.Refine.Averaging, SharesOf(plan, runs, Specification.Refine.Workers));
        var start = SpecificationHash.Sha256(string.Join('\n', parts.Select(part => part.Sha256)))[..16];
        var rate = averaging.LearningRate * shares.Length;
        for (var number = 0; number < averaging.Rounds; number++)
        {
            var to = $"{JobFolder.RoundsOf(Id)}{start}-{number:D4}/";
            var round = new LanguageRound(
                tables, weights.Weights, [.. parts], name, to, rate * (averaging.Rounds - number) / averaging.Rounds, rate * (averaging.Rounds - number - 1) / averaging.Rounds);
            var totals = await RoundAsync(round, number, shares, cancellationToken);
            (parts, name) = ([.. totals.Parts], to);
            rounds = rounds.Add(new RefinementRound(number + 1, ExactSum.Mean(totals.Loss, totals.Tokens), null, null, totals.Seconds, null));
            _progress.Ended(rounds);
        }
        return (parts, name, rounds);
    }

    /// <summary>Workers learn side by side, each from the same values; then reducers take the mean, a part each.</summary>
    private async Task<LanguageRoundTotals> RoundAsync(LanguageRound round, int number, ImmutableArray<LanguageShare>[] shares, CancellationToken cancellationToken)
    {
        var name = $"{round.To}round.json";
        if (await FindRoundAsync(name, cancellationToken) is { } stored)
            return stored;
        var start = Stopwatch.GetTimestamp();
        _progress.Begin(JobStage.Refine, shares.Length, shares.Sum(worker => worker.Sum(share => share.End - share.First)));
        var workers = await Runner.RunAsync(
            new Pieces<LanguageLearnt>(
                shares.Length,
                i => $"worker {i} in round {number + 1}",
                (i, copy, token) => WorkerOf(i, copy).LearnAsync(round, i, shares[i], token),
                i => _progress.Advance(shares[i].Sum(share => share.End - share.First))),
            cancellationToken);
        var bounds = round.Tables.Counting.Bounds.Length;
        var means = await Runner.RunAsync(
            new Pieces<ImmutableArray<SolvedPart>>(
                bounds,
                part => $"the mean of part {part} in round {number + 1}",
                (part, copy, token) => WorkerOf(part, copy).AverageAsync(round, part, [.. workers], token),
                _ => { }),
            cancellationToken);
        var totals = new LanguageRoundTotals(
            [.. Enumerable.Range(0, round.Parts.Length).Select(i => means[i % bounds][i / bounds])],
            workers.Sum(worker => worker.Tokens),
            workers.Aggregate((Int128)0, (sum, worker) => sum + worker.Loss),
            Stopwatch.GetElapsedTime(start).TotalSeconds);
        await JsonArtifact.WriteAsync(store, name, totals, null, WriteCondition.Always, cancellationToken);
        return totals;

        ILanguageWorkerGrain WorkerOf(int index, int copy) => GrainFactory.GetGrain<ILanguageWorkerGrain>($"{Id}/{IndexOf(index, copy)}");
    }

    private async Task<LanguageRoundTotals?> FindRoundAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonArtifact.ReadAsync<LanguageRoundTotals>(store, name, null, cancellationToken))?.Value;
        }
        catch (ArtifactDamagedException)
        {
            return null;
        }
    }

    /// <summary>All documents in their order, dealt to workers in runs of about equal numbers: neither shards nor silos have a say in who learns from what.</summary>
    private static ImmutableArray<LanguageShare>[] SharesOf(LanguagePlan plan, RunTotals[] runs, int workers)
    {
        var documents = runs.Sum(shard => shard.Documents);
        var shares = new ImmutableArray<LanguageShare>[Math.Max(1, Math.Min(workers, documents))];
        for (var worker = 0; worker < shares.Length; worker++)
        {
            var (first, end) = ((long)((Int128)worker * documents / shares.Length), (long)((Int128)(worker + 1) * documents / shares.Length));
            var (before, mine) = (0L, ImmutableArray.CreateBuilder<LanguageShare>());
            for (var shard = 0; shard < runs.Length; before += runs[shard++].Documents)
            {
                if (before < end && before + runs[shard].Documents > first)
                    mine.Add(new LanguageShare(plan.Train[shard], Math.Max(0, first - before), Math.Min(runs[shard].Documents, end - before)));
            }
            shares[worker] = mine.ToImmutable();
        }
        return shares;
    }
}
