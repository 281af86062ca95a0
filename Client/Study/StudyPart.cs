namespace ExplicitCluster.Client.Study;

/// <summary>The rows that a figure is of.</summary>
internal enum StudyPart
{
    Train,
    Test,
}
