using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Tests;

public sealed class SourceKindTests
{
    private static readonly SourceManifest Texts = Source("/a.txt") with { Texts = new SourceTexts(10, 10, 0, 0, false, "datasets/a/index") };
    private static readonly SourceManifest Sparse = Source("/b.svm") with { Sparse = new SourceSparse(5, 3, 0, 0, "datasets/b/index") };

    [Fact]
    public void Texts_and_sparse_rows_do_not_go_into_one_job()
    {
        SourceAgreement.Check([Texts, Texts], []);
        var error = Assert.Throws<JobException>(() => SourceAgreement.Check([Texts], [Sparse]));
        Assert.Equal("/b.svm holds sparse rows, and /a.txt holds texts", error.Message);
    }

    [Fact]
    public void Maps_of_images_and_tables_take_no_texts() =>
        Assert.Throws<FeatureException>(() => FeatureMaps.EncoderOf([new FeatureMapSpecification { Map = FeatureMapKind.Pixels }], Texts.Shape));

    private static SourceManifest Source(string path) => new()
    {
        Id = path,
        Specification = new SourceSpecification { Format = SourceFormat.Text, Path = path },
        Columns = 0,
        Width = 0,
        Height = 0,
        IsBytes = true,
        Rows = 1,
        Labels = ImmutableArray<string>.Empty,
        HasLabels = false,
        DecodedName = null,
        FileBytes = 10,
        Files = [new SourceFile(path, 10, 0, "")],
    };
}
