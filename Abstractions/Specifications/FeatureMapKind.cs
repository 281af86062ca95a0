namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The kinds of feature map; docs/math.md says what each computes.</summary>
[GenerateSerializer, Alias("explicit.FeatureMapKind")]
public enum FeatureMapKind
{
    /// <summary>The values themselves; dense.</summary>
    Pixels,

    /// <summary>[x, top - x] with top 255 for bytes and 1 for numbers; dense.</summary>
    Complement,

    /// <summary>One block a value, its code the number of thresholds at or below it.</summary>
    Bins,

    /// <summary>One block a window position, its code the thresholded pixels read row by row.</summary>
    Patches,

    /// <summary>One block for several cells at a distance, its code the cells' directions of grey-level gradients.</summary>
    Orientations,

    /// <summary>Activations of a layer below.</summary>
    Layer,
}
