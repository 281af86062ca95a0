using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Language;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Language;

/// <inheritdoc cref="ILanguageReducerGrain"/>
[SpreadPlacement]
internal sealed class LanguageReducerGrain(IArtifactStore store, TimedGate gate, IOptions<ExplicitOptions> options) : Grain, ILanguageReducerGrain
{
    public Task<ImmutableArray<TablePart>> MergeAsync(MergeWork work, CancellationToken cancellationToken = default) =>
        gate.RunAsync(this, "reduce", token => Failures.Heal(store, () => MergeAllAsync(work, token)), cancellationToken);

    public Task<SolvedPart> SolveAsync(LanguageTables tables, int set, int part, string name, CancellationToken cancellationToken = default) =>
        gate.RunAsync(this, "solve", token => Failures.Heal(store, async () =>
        {
            var solution = await StoredSolution.LoadAsync(store, tables, token);
            var table = await solution.TableAsync<float>(solution.Plan.Sets[set], part, _ => true, token);
            return new SolvedPart(await LanguageTensors.WritePartAsync(store, name, table, token), table.Contexts.Length, table.Cells);
        }), cancellationToken);

    public Task<FitResult> FitAsync(LanguageTables tables, ImmutableArray<int> positions, CancellationToken cancellationToken = default) =>
        gate.RunAsync(this, "fit", token => Failures.Heal(store, async () =>
        {
            var solution = await StoredSolution.LoadAsync(store, tables, token);
            var (sets, held) = (solution.Plan.Sets, solution.PositionsOf(positions));
            var experts = new List<ExpertTable<double>>();
            for (var set = 0; set < sets.Length; set++)
            {
                // Of the tables only the rows that a held-out position looks at are kept.
                var wanted = Enumerable.Range(0, held.Count).Select(position => held.Context(position, set)).ToHashSet();
                experts.Add(await solution.TableAsync<double>(sets[set], part: null, wanted.Contains, token));
            }
            var fitted = new WeightFit(solution.Packing, solution.LogUnigram, [.. experts]).Fit(held, token);
            return new FitResult([.. fitted.Weights], fitted.CrossEntropy, fitted.Positions);
        }), cancellationToken);

    /// <summary>What is counted first, the chain's top before what follows from it.</summary>
    private async Task<ImmutableArray<TablePart>> MergeAllAsync(MergeWork work, CancellationToken cancellationToken)
    {
        var (packing, plan) = (new CellPacking(work.Counting.Size), LanguageNames.PlanOf(work.Counting.Language));
        var (bounds, parts) = (work.Counting.Bounds, new Dictionary<LagSet, TablePart>());
        for (var i = 0; i < plan.Counted.Length; i++)
        {
            var (set, runs) = (plan.Counted[i], work.Runs[i]);
            var shift = packing.BitsOf(set.Lags.Length - 1);
            var from = (ulong)bounds[work.Part] << shift;
            var to = work.Part + 1 < bounds.Length ? (ulong)bounds[work.Part + 1] << shift : (ulong?)null;
            // Two copies of this call may run at once, and each deletes what it made.
            var passes = new RunPasses(store, $"{LanguageNames.PassesOf(this.GetPrimaryKeyString().Split('/')[0])}{Guid.NewGuid():N}-", from, to, options.Value.RunBytes);
            parts[set] = await WriteAsync(work, set, () => passes.MergeAsync(runs, cancellationToken), cancellationToken);
        }
        for (var lags = plan.ChainTop - 1; lags > 0; lags--)
        {
            var upper = LanguageNames.TableName(work.Merged, ContextPlan.ChainOf(lags + 1), work.Part);
            parts[ContextPlan.ChainOf(lags)] = await WriteAsync(
                work,
                ContextPlan.ChainOf(lags),
                () => CellStreams.ContinueAsync(packing, ReadAsync(upper, cancellationToken)),
                cancellationToken);
        }
        return [.. plan.Tables.Select(set => parts[set])];
    }

    private async IAsyncEnumerable<CellList> ReadAsync(string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in (await CellFileReader.OpenAsync(store, name, cancellationToken)).ReadAsync(0, null, cancellationToken))
            yield return piece;
    }

    private async Task<TablePart> WriteAsync(MergeWork work, LagSet set, Func<IAsyncEnumerable<CellList>> cells, CancellationToken cancellationToken)
    {
        var name = LanguageNames.TableName(work.Merged, set, work.Part);
        var header = await FindAsync(name, cancellationToken);
        if (header is null)
        {
            await store.WriteAsync(name, async (stream, token) =>
            {
                var contexts = set.Lags.Length == 1 ? new long[work.Counting.Size] : null;
                using var writer = new CellFileWriter(stream);
                var packing = new CellPacking(work.Counting.Size);
                await foreach (var piece in cells().WithCancellation(token))
                {
                    writer.Add(piece);
                    if (contexts is not null)
                        Unigram.AddContexts(packing, piece.Cells, contexts);
                }
                header = writer.End(contexts);
            }, WriteCondition.Always, cancellationToken);
        }
        return new TablePart(header!.Cells, [.. header.Seen], header.Sha256);
    }

    private async Task<CellFileHeader?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await store.StatAsync(name, cancellationToken) is null ? null : (await CellFileReader.OpenAsync(store, name, cancellationToken)).Header;
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }
}
