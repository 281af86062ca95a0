using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Tests.Rendering;
using ExplicitCluster.Client.Tests.Reports;
using ExplicitCluster.Client.Verification;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Tests.Verification;

/// <summary>What is said of a model of mixed rows, and that it can be computed again.</summary>
[Collection(nameof(SmallModels))]
public sealed class MixedVerificationTests(SmallModels models)
{
    [Fact]
    public async Task Groups_are_verified_with_their_K_and_all_their_statistics()
    {
        var model = await models.DescriptionOf("mixed");
        var facts = await new ModelVerification(models.Store, model).RunAsync(new RecordedConsole().Console, verbose: false, TestContext.Current.CancellationToken);
        Assert.All(facts, fact => Assert.True(fact.Matches, $"{fact.What}: {fact.Expected}, {fact.Seen}"));
        Assert.Equal($"{3 + 1 + 3 + 1} files", facts[^1].Expected); // three shards and a tile of each group
    }

    [Fact]
    public async Task Every_group_is_shown_with_its_K_and_compared_by_its_weights()
    {
        var (console, result) = (new RecordedConsole(width: 160), models.ResultOf("mixed"));
        ResultView.ShowResult(result, console.Console);
        Assert.Contains(console.Lines, line => line.StartsWith("group 2", StringComparison.Ordinal) && line.Contains($"pixels, 64 inputs, K {result.Groups[1].K:0.0000}, statistics", StringComparison.Ordinal));
        ChoiceView.Show(result with { Choice = [new(3, .1, .5)], K = 3 }, console.Console);
        Assert.Contains(console.Lines, line => line.Contains("sum of K", StringComparison.Ordinal) && line.Contains("alpha", StringComparison.Ordinal));
        ModelView.Show(await models.DescriptionOf("mixed"), console.Console);
        Assert.Contains(console.Lines, line => line.Contains("patches 2x2", StringComparison.Ordinal) && line.Contains($"K {result.Groups[0].K:0.0000}", StringComparison.Ordinal));

        var (mixed, patches) = (await models.ModelOf("mixed"), await models.ModelOf("explicit-patches"));
        var movement = (await ModelInsight.LoadAsync(models.Store, mixed, CancellationToken.None)).MovementFrom(patches, 3)!;
        Assert.Equal([0], movement.Maps);
        var ratio = result.Groups[0].K / patches.Description.K; // the same counts under another K
        Assert.All(movement.Classes, row => Assert.Equal(Math.Abs(ratio - 1), row.Relative, 1e-3));
        Assert.StartsWith("rows of several groups", (await CountComparison.OfAsync(models.Store, patches, mixed, 3, CancellationToken.None)).NotCompared, StringComparison.Ordinal);
    }
}
