using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Study;

/// <summary>
/// Runs the jobs of a study one after another, so that none slows another down. A job that an earlier study ended is not run again while its model exists; one that was stopped goes on.
/// </summary>
/// <param name="design">The jobs.</param>
/// <param name="store">Where their records and models are.</param>
/// <param name="run">Starts the job with this id, or resumes it, and follows it to its end.</param>
/// <param name="tell">Told in a line what is done next.</param>
internal sealed class StudyRunner(StudyDesign design, IArtifactStore store, Func<string, JobSpecification, CancellationToken, Task<JobRecord>> run, Action<string> tell)
{
    private int _done;

    /// <exception cref="JobException">A job failed.</exception>
    public async Task<StudyFigures> RunAsync(CancellationToken cancellationToken)
    {
        var id = $"study-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}-solution";
        Tell("the explicit solution", false);
        var solution = await EndOfAsync(id, design.Solution, cancellationToken);
        var figures = new StudyFigures
        {
            Name = design.Base.Name,
            Features = design.Base.Features,
            Rows = solution.Rows,
            TestRows = solution.Test?.Rows ?? 0,
            Inputs = solution.Inputs,
            Workers = (int)Math.Min(design.Base.Refine.Workers, solution.Rows),
            Settings = design.Settings,
            Starts = design.Starts,
            LearningRates = design.Rates,
            Solution = StudySolution.Of(id, solution),
            Runs = [],
        };
        foreach (var start in design.Starts)
        {
            foreach (var rate in design.Rates)
                figures = figures with { Runs = figures.Runs.Add(await RunAsync(start, rate, solution, cancellationToken)) };
            // Between the runs, since what else the machine does changes with time.
            figures = figures with { Passes = [.. figures.Passes, .. await PassAsync(solution, 1 + design.Starts.IndexOf(start), cancellationToken)] };
        }
        if (design.IsOfBlocks)
        {
            var sweeps = design.Sweeps;
            var (job, result, _) = await DoAsync("sweeps", "scaling sweeps", sweeps, DataOf(solution), cancellationToken);
            figures = figures with { Sweeps = StudySolution.Of(job, result) };
        }
        return figures;
    }

    private async Task<StudyRun> RunAsync(AveragingStart start, double rate, JobResult solution, CancellationToken cancellationToken)
    {
        var specification = design.Run(start, rate, solution);
        var (job, result, reused) = await DoAsync(
            StudyDesign.LabelOf(start, rate), $"{Words.Of(start)} start, learning rate {Figures.Setting(rate)}", specification, DataOf(solution), cancellationToken);
        var model = await ModelFolder.ReadAsync(store, result.ModelPath, cancellationToken);
        return new StudyRun
        {
            Start = start,
            LearningRate = rate,
            Job = job,
            Model = result.Model,
            WeightsSha256 = result.WeightsSha256,
            Reused = reused,
            Ended = model.Lineage.Refinement?.Ended,
            Beginning = result.RefinementStart ?? throw new JobException($"job {job} has not recorded its start: it ran on a silo of an earlier version", "upgrade the cluster's silos, and delete the job's folder in the store"),
            Rounds = result.Refinement,
        };
    }

    /// <summary>None where the pass was stopped and went on, and so found a part of its statistics.</summary>
    private async Task<IEnumerable<StudyPass>> PassAsync(JobResult solution, int number, CancellationToken cancellationToken)
    {
        var (job, result, _) = await DoAsync($"pass-{number}", "a pass, timed", design.Pass(solution, shorter: number), [solution.StatisticsSha256], cancellationToken);
        return result.ReusedShards == 0 ? [StudyPass.Of(job, result)] : [];
    }

    private async Task<(string Job, JobResult Result, bool Reused)> DoAsync(
        string label, string what, JobSpecification specification, IEnumerable<object?> data, CancellationToken cancellationToken)
    {
        var first = StudyDesign.IdOf(specification, label, data);
        for (var turn = 1; ; turn++)
        {
            var id = turn == 1 ? first : $"{first}-{turn}"; // an ended job is not started again, even where its model is gone
            if (await JobFolder.ReadAsync(store, id, cancellationToken) is not { Value: { Status: JobStatus.Done, Result: { } found } })
            {
                Tell(what, false);
                return (id, await EndOfAsync(id, specification, cancellationToken), false);
            }
            if (await store.StatAsync(ModelFolder.DescriptionName(found.ModelPath), cancellationToken) is not null)
            {
                Tell(what, true);
                return (id, found, true);
            }
        }
    }

    private async Task<JobResult> EndOfAsync(string id, JobSpecification specification, CancellationToken cancellationToken)
    {
        var record = await run(id, specification, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return record.Result ?? throw new JobException(
            $"job {id} of the study {(record.Failure is { } failure ? $"failed: {failure.Cause}" : $"is {Words.Of(record.Status)}")}",
            record.Failure?.Remedy ?? "run the same command again: what is done is kept");
    }

    private static object?[] DataOf(JobResult solution) => [solution.StatisticsSha256, solution.Test];

    private void Tell(string what, bool isKept) => tell($"{++_done} of {design.Jobs}: {what}{(isKept ? ", done before" : "")}");
}
