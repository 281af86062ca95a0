using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Grid;

/// <summary>From merged statistics to what scores rows, shared by the shards of a silo.</summary>
internal static class GridTables
{
    public static GridSettings SettingsOf(GridUnit unit, GridSpecification grid) => new(
        [.. unit.Groups.Select(maps => maps.ToArray())],
        [.. grid.PriorSettings.Select(setting => new PriorSetting(setting.Prior == GridPrior.Uniform, setting.Beta))],
        grid.Alpha,
        grid.K);

    public static Task<FoldGrid> GetAsync(
        SharedArtifacts shared, IArtifactStore store, RowLayout layout, GridStatistics statistics, GridSettings settings, CancellationToken cancellationToken) =>
        shared.GetAsync($"grid {statistics.Whole.Name} {statistics.Folds[0].Name} {KeyOf(settings)}", token => LoadAsync(store, layout, statistics, settings, token), cancellationToken);

    public static GridLossSums MessageOf(GridSums sums) => new(
        [.. sums.LeftOutRows], [.. sums.LeftOutLoss], [.. sums.LeftOutCorrect], [.. sums.FoldRows], [.. sums.FoldLoss], [.. sums.FoldCorrect]);

    public static GridSums SumsOf(GridSettings settings, GridLossSums message) => new(settings.Count, settings.Priors.Count, message.FoldRows.Length)
    {
        LeftOutRows = [.. message.LeftOutRows],
        LeftOutLoss = [.. message.LeftOutLoss],
        LeftOutCorrect = [.. message.LeftOutCorrect],
        FoldRows = [.. message.FoldRows],
        FoldLoss = [.. message.FoldLoss],
        FoldCorrect = [.. message.FoldCorrect],
    };

    private static async Task<FoldGrid> LoadAsync(IArtifactStore store, RowLayout layout, GridStatistics statistics, GridSettings settings, CancellationToken cancellationToken)
    {
        var evidence = new FoldEvidence(layout, MergedTables.TotalsOf(statistics.Whole), statistics.Folds.Select(MergedTables.TotalsOf));
        if (layout.Kind == EncodingKind.Dense)
        {
            var folds = new List<CountTable>();
            foreach (var fold in statistics.Folds)
                folds.Add(await MergedTables.LoadAsync(store, fold, cancellationToken));
            return new FoldGrid(new DenseFoldTables(layout, await MergedTables.LoadAsync(store, statistics.Whole, cancellationToken), folds), evidence, settings);
        }
        var tables = new BlockFoldTables(layout, statistics.Whole.Labels.Length, statistics.Folds.Length);
        for (var tile = 0; tile < statistics.Whole.Tiles.Length; tile++)
        {
            var loading = statistics.Folds.Prepend(statistics.Whole).Select(merged => MergedTables.LoadTileAsync(store, merged, tile, cancellationToken)).ToArray();
            var loaded = await Task.WhenAll(loading);
            tables.Add(loaded[0], loaded[1..]);
        }
        return new FoldGrid(tables.Complete(), evidence, settings);
    }

    private static string KeyOf(GridSettings settings) => FormattableString.Invariant(
        $"{string.Join('+', settings.Groups.Select(maps => string.Join(',', maps)))} {string.Join(',', settings.Priors)} {string.Join(',', settings.Alphas)} {string.Join(',', settings.Ks)}");
}
