using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Tokens;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Language;

/// <inheritdoc cref="ILanguageShardGrain"/>
[SpreadPlacement]
internal sealed class LanguageShardGrain(
    IArtifactStore store, SourceReader reader, TimedGate gate, SharedArtifacts shared, ExplicitInstruments instruments, IOptions<ExplicitOptions> options)
    : Grain, ILanguageShardGrain
{
    public Task<TokenTotals> MeasureAsync(LanguageShardWork work, CancellationToken cancellationToken = default) =>
        DoAsync("measure", work, async token => new TokenTotals(await new LanguageDocuments(store, reader, work).CountTokensAsync(token), null), cancellationToken);

    public Task<TokenTotals> CountTokensAsync(LanguageShardWork work, string folder, CancellationToken cancellationToken = default) =>
        DoAsync("tokens", work, async token =>
        {
            var name = $"{folder}/{work.Key}/tokens";
            if (await FindTokensAsync(name, token) is { } stored)
                return new TokenTotals(stored, name);
            var counts = new TokenCounts();
            await foreach (var document in new LanguageDocuments(store, reader, work).ReadAsync(token))
                counts.Add(document.Tokens);
            await TokenFile.WriteAsync(store, name, counts, counts.Ordinal(), token);
            return new TokenTotals(counts.Total, name);
        }, cancellationToken);

    public Task<RunTotals> CountAsync(LanguageShardWork work, LanguageCounting counting, CancellationToken cancellationToken = default) =>
        DoAsync("accumulate", work, async token =>
        {
            var name = LanguageNames.RunsName(counting, work);
            if (await FindRunsAsync(name, token) is { } stored)
                return stored with { Reused = true };
            var totals = await CountRunsAsync(work, counting, token);
            await JsonArtifact.WriteAsync(store, name, totals, null, WriteCondition.Always, token);
            return totals;
        }, cancellationToken);

    public Task<ImmutableArray<int>> PositionsAsync(
        LanguageShardWork work, LanguageCounting counting, ImmutableArray<long> positions, CancellationToken cancellationToken = default) =>
        DoAsync("positions", work, token => ContextsAsync(work, counting, positions, token), cancellationToken);

    public Task<LanguageLoss> EvaluateAsync(LanguageShardWork work, string model, CancellationToken cancellationToken = default) =>
        DoAsync("evaluate", work, token => ScoreAsync(work, model, token), cancellationToken);

    private Task<T> DoAsync<T>(string name, LanguageShardWork work, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        gate.RunAsync(
            this,
            name,
            async token =>
            {
                var result = await run(token);
                instruments.ShardDone(name, work.Shard.Rows, result is RunTotals { Reused: true });
                return result;
            },
            cancellationToken);

    private async Task<RunTotals> CountRunsAsync(LanguageShardWork work, LanguageCounting counting, CancellationToken cancellationToken)
    {
        var words = await WordsAsync(counting.Vocabulary, cancellationToken);
        var (packing, plan) = (new CellPacking(counting.Size), LanguageNames.PlanOf(counting.Language));
        var most = (int)Math.Min(Array.MaxLength, options.Value.RunBytes / RunWriter.PositionBytes / plan.Counted.Length);
        // A silo with another budget cuts other runs: they have other names, and what says which there are names those of one silo.
        var kept = new RunWriter(store, packing, plan.Counted, most, $"{counting.Name}/{work.Key}/kept-{most}");
        var heldOut = new RunWriter(store, packing, plan.Counted, Math.Max(1, most / 8), $"{counting.Name}/{work.Key}/held-{most}");
        var (documents, tokens, unknown, held, ids) = (0L, 0L, 0L, 0L, Array.Empty<int>());
        await foreach (var document in new LanguageDocuments(store, reader, work).ReadAsync(cancellationToken))
        {
            var count = document.Tokens.Count;
            if (ids.Length < count)
                ids = new int[Math.Max(count, 2 * ids.Length)];
            words.IdsOf(document.Tokens, ids);
            documents++;
            tokens += count;
            unknown += ids.AsSpan(0, count).Count(TokenVocabulary.Unknown);
            var isHeldOut = document.IsHeldOut;
            held += isHeldOut ? count : 0;
            await (isHeldOut ? heldOut : kept).AddAsync(ids, count, cancellationToken);
        }
        return new RunTotals(documents, tokens, unknown, held, await kept.EndAsync(cancellationToken), await heldOut.EndAsync(cancellationToken));
    }

    /// <summary>Of each position the tokens at the longest lag to lag 1, and the word; the pad before the start of its document.</summary>
    private async Task<ImmutableArray<int>> ContextsAsync(LanguageShardWork work, LanguageCounting counting, ImmutableArray<long> positions, CancellationToken cancellationToken)
    {
        var words = await WordsAsync(counting.Vocabulary, cancellationToken);
        var (lags, pad) = (LanguageNames.PlanOf(counting.Language).LongestLag, counting.Size);
        var contexts = ImmutableArray.CreateBuilder<int>(positions.Length * (lags + 1));
        var (first, next) = (0L, 0);
        await foreach (var document in new LanguageDocuments(store, reader, work).ReadAsync(cancellationToken))
        {
            if (!document.IsHeldOut)
                continue;
            for (; next < positions.Length && positions[next] < first + document.Tokens.Count; next++)
            {
                var at = (int)(positions[next] - first);
                for (var lag = lags; lag >= 0; lag--)
                    contexts.Add(at >= lag ? words.IdOf(document.Tokens[at - lag]) : pad);
            }
            first += document.Tokens.Count;
        }
        return contexts.MoveToImmutable();
    }

    private async Task<LanguageLoss> ScoreAsync(LanguageShardWork work, string path, CancellationToken cancellationToken)
    {
        var model = await shared.GetAsync(path, token => TrainedLanguageModel.LoadAsync(store, path, token), cancellationToken);
        var scorer = new LanguageScorer(model.Model);
        var (documents, tokens, unknown, loss, ids) = (0L, 0L, 0L, (Int128)0, Array.Empty<int>());
        await foreach (var document in new LanguageDocuments(store, reader, work).ReadAsync(cancellationToken))
        {
            var count = document.Tokens.Count;
            if (ids.Length < count)
                ids = new int[Math.Max(count, 2 * ids.Length)];
            model.Words.IdsOf(document.Tokens, ids);
            documents++;
            tokens += count;
            unknown += ids.AsSpan(0, count).Count(TokenVocabulary.Unknown);
            for (var i = 0; i < count; i++)
            {
                if (i % 1024 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                loss += ExactSum.Units(-scorer.LogProbability(ids.AsSpan(0, count), i));
            }
        }
        return new LanguageLoss(documents, tokens, unknown, loss);
    }

    private Task<TokenVocabulary> WordsAsync(string name, CancellationToken cancellationToken) =>
        shared.GetAsync(name, token => VocabularyArtifact.LoadAsync(store, name, token), cancellationToken);

    /// <summary>The tokens that are counted already; null where they are not, or not any more.</summary>
    private async Task<long?> FindTokensAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await TokenFile.ReadAsync(store, name, cancellationToken))?.Numbers.Sum();
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }

    /// <summary>The runs that are there already; null where one is missing or damaged, so that all are written again.</summary>
    private async Task<RunTotals?> FindRunsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if ((await JsonArtifact.ReadAsync<RunTotals>(store, name, null, cancellationToken))?.Value is not { } totals)
                return null;
            foreach (var run in totals.Runs.Concat(totals.HeldOutRuns).SelectMany(runs => runs))
                await CellFileReader.OpenAsync(store, run, cancellationToken);
            return totals;
        }
        catch (Exception exception) when (exception is ArtifactDamagedException or ArtifactMissingException)
        {
            return null;
        }
    }
}
