namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Which rows a job evaluates the stored weights on.</summary>
[GenerateSerializer, Alias("explicit.EvaluateRows")]
public enum EvaluateRows
{
    None,
    Test,
    All,
}
