using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>The row shape of a manifest, which itself crosses the wire and knows nothing of Numerics.</summary>
public static class SourceManifestShape
{
    extension(SourceManifest manifest)
    {
        public RowShape Shape => new(manifest.Columns, manifest.Width, manifest.Height, manifest.IsBytes);

        /// <summary>What the rows are, in words.</summary>
        public string Holds => manifest.IsText ? "texts" : manifest.Sparse is not null ? "sparse rows" : manifest.Shape.ToString();
    }
}
