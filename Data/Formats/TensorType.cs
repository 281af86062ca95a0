namespace ExplicitCluster.Data.Formats;

/// <summary>Element types of a tensor.</summary>
public enum TensorType
{
    F32,
    F64,
    I32,
    U16,
    U64,
}
