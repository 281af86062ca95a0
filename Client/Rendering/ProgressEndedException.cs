namespace ExplicitCluster.Client.Rendering;

/// <summary>A job's progress ended without the job's record: whoever showed it has let go of the job.</summary>
public sealed class ProgressEndedException()
    : InvalidOperationException("The job's progress ended before the job did. The job may still be running: look with explicit jobs list.");
