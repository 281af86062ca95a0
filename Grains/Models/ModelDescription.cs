using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Models;

/// <summary>model.json: all that is known of a published model beside its weights.</summary>
public sealed record ModelDescription
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required string Name { get; init; }

    /// <summary>First 12 hexadecimal digits of a SHA-256 over all that predictions depend on (docs/formats.md).</summary>
    public required string Version { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>Feature maps and the shape of a raw row.</summary>
    public required RowLayoutKey Encoding { get; init; }

    /// <summary>Names of a table's columns, label column left out; empty for images and for tables without a header.</summary>
    public required ImmutableArray<string> ColumnNames { get; init; }
    public required int Inputs { get; init; }
    public required double K { get; init; }

    /// <summary>Of mixed rows the K of each group, in the order of the feature maps; <see cref="K"/> is their sum. Empty for others.</summary>
    public ImmutableArray<double> GroupKs { get; init; } = [];
    public required double Alpha { get; init; }
    public required double Beta { get; init; }

    /// <summary>SHA-256 of the tensors, as docs/formats.md defines it.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>SHA-256 of the file weights.safetensors, checked whenever it is read.</summary>
    public required string WeightsFileSha256 { get; init; }
    public required string StatisticsSha256 { get; init; }
    public required JobSpecification Specification { get; init; }
    public required ModelLineage Lineage { get; init; }

    /// <summary>Of a classifier of texts: its groups of features. The features themselves are the artifact <c>vocabulary</c> beside the weights.</summary>
    public TextSpecification? Text { get; init; }

    /// <summary>Of a classifier of texts: SHA-256 of its vocabulary.</summary>
    public string? VocabularySha256 { get; init; }

    /// <summary>Of a solution by groups: each layer's temperatures, four a group, and the left-out loss after all layers.</summary>
    public ModelTemperatures? Temperatures { get; init; }

    /// <summary>SHA-256 of the file of each layer below, from the bottom up: <c>layer-N.safetensors</c> beside the weights.</summary>
    public ImmutableArray<string> Layers { get; init; } = [];

    /// <summary>Of a language model; null for a classifier.</summary>
    public LanguageDescription? Language { get; init; }
}
