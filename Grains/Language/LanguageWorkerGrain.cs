using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <inheritdoc cref="ILanguageWorkerGrain"/>
[SpreadPlacement]
internal sealed class LanguageWorkerGrain(IArtifactStore store, SourceReader reader, TimedGate gate, SharedArtifacts shared) : Grain, ILanguageWorkerGrain
{
    public Task<LanguageLearnt> LearnAsync(LanguageRound round, int worker, ImmutableArray<LanguageShare> shares, CancellationToken cancellationToken = default) =>
        gate.RunAsync(this, "learn", async token =>
        {
            // Of all rounds of the job only the one in work: its model is there once for all workers of the silo.
            var job = $"round of {this.GetPrimaryKeyString().Split('/')[0]} from ";
            var key = $"{job}{round.From}";
            shared.Forget(job, but: key);
            var model = await shared.GetAsync(key, inner => ModelOfAsync(round, inner), token);
            var steps = await ForEachAsync(round, shares, null, token);
            var sgd = new LanguageSgd(model, steps, round.FirstRate, round.LastRate);
            await ForEachAsync(round, shares, sgd, token);
            return new LanguageLearnt(steps, sgd.Loss, await WriteAsync(round, worker, model, sgd, token));
        }, cancellationToken);

    public Task<ImmutableArray<SolvedPart>> AverageAsync(LanguageRound round, int part, ImmutableArray<LanguageLearnt> workers, CancellationToken cancellationToken = default) =>
        gate.RunAsync(this, "average", async token =>
        {
            var (sets, bounds) = (LanguageNames.PlanOf(round.Tables.Counting.Language).Sets, round.Tables.Counting.Bounds.Length);
            var before = new ExpertTable<float>[sets.Length];
            for (var set = 0; set < sets.Length; set++)
                before[set] = await PartAsync(round, sets, set * bounds + part, token);
            // Workers in their order, so that the sums are the same bits everywhere.
            var sums = Array.ConvertAll(before, table => new double[table.Cells]);
            for (var worker = 0; worker < workers.Length; worker++)
            {
                var deltas = await LanguageTensors.ReadDeltasAsync(store, LanguageNames.LearntName(round, worker, part), workers[worker].Files[part], sets, token);
                for (var set = 0; set < sets.Length; set++)
                {
                    for (var i = 0; i < deltas[set].Length; i++)
                        sums[set][i] += workers[worker].Tokens * (double)deltas[set][i];
                }
            }
            var all = workers.Sum(one => one.Tokens);
            var parts = ImmutableArray.CreateBuilder<SolvedPart>(sets.Length);
            for (var set = 0; set < sets.Length; set++)
            {
                var mean = before[set].WithDeltas(Array.ConvertAll(sums[set], sum => (float)(sum / all)));
                var name = LanguageNames.PartName(round.To, set * bounds + part);
                parts.Add(new SolvedPart(await LanguageTensors.WritePartAsync(store, name, mean, token), mean.Contexts.Length, mean.Cells));
            }
            return parts.MoveToImmutable();
        }, cancellationToken);

    /// <summary>Tokens of the shares; where there is what learns, it learns from them.</summary>
    private async Task<long> ForEachAsync(LanguageRound round, ImmutableArray<LanguageShare> shares, LanguageSgd? sgd, CancellationToken cancellationToken)
    {
        var vocabulary = round.Tables.Counting.Vocabulary;
        var words = await shared.GetAsync(vocabulary, token => VocabularyArtifact.LoadAsync(store, vocabulary, token), cancellationToken);
        var (tokens, ids) = (0L, Array.Empty<int>());
        foreach (var share in shares)
        {
            var number = 0L;
            await foreach (var document in new LanguageDocuments(store, reader, share.Work).ReadAsync(cancellationToken))
            {
                if (number >= share.End)
                    break;
                if (number++ < share.First)
                    continue;
                var count = document.Tokens.Count;
                tokens += count;
                if (sgd is null)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                if (ids.Length < count)
                    ids = new int[Math.Max(count, 2 * ids.Length)];
                words.IdsOf(document.Tokens, ids);
                sgd.Add(ids.AsSpan(0, count));
            }
        }
        return tokens;
    }

    private async Task<ImmutableArray<string>> WriteAsync(LanguageRound round, int worker, LanguageModel model, LanguageSgd sgd, CancellationToken cancellationToken)
    {
        var bounds = round.Tables.Counting.Bounds.Length;
        var means = Enumerable.Range(0, model.Tables.Length).Select(sgd.MeanOf).ToArray();
        var (first, files) = (new int[model.Tables.Length], ImmutableArray.CreateBuilder<string>(bounds));
        for (var part = 0; part < bounds; part++)
        {
            var name = LanguageNames.LearntName(round, worker, part);
            files.Add(await LanguageTensors.WriteDeltasAsync(store, name, model.Tables.Select((table, set) =>
            {
                var cells = round.Parts[set * bounds + part].Cells;
                var deltas = means[set].AsMemory(first[set], cells);
                first[set] += cells;
                return (table.Set, (ReadOnlyMemory<float>)deltas);
            }), cancellationToken));
        }
        return files.MoveToImmutable();
    }

    private async Task<LanguageModel> ModelOfAsync(LanguageRound round, CancellationToken cancellationToken)
    {
        var solution = await StoredSolution.LoadAsync(store, round.Tables, cancellationToken);
        var (sets, bounds) = (solution.Plan.Sets, round.Tables.Counting.Bounds.Length);
        var tables = new ExpertTable<float>[sets.Length];
        for (var set = 0; set < sets.Length; set++)
        {
            var parts = new List<ExpertTable<float>>();
            for (var part = 0; part < bounds; part++)
                parts.Add(await PartAsync(round, sets, set * bounds + part, cancellationToken));
            tables[set] = LanguageTensors.Join(parts);
        }
        return new LanguageModel(solution.Packing, solution.BaseScores([.. round.Weights]), tables, [.. round.Weights[1..]]);
    }

    private Task<ExpertTable<float>> PartAsync(LanguageRound round, LagSet[] sets, int part, CancellationToken cancellationToken) =>
        LanguageTensors.ReadPartAsync(store, LanguageNames.PartName(round.From, part), round.Parts[part].Sha256, sets[part / round.Tables.Counting.Bounds.Length], cancellationToken);
}
