using System.Text.Json;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Client.Study;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Client.Tests.Study;

/// <summary>The command as it is, in this process. It writes to the console of the process, so these tests are one class, which runs one after the other.</summary>
[Collection("the console of the process")]
public sealed class StudyCommandTests : IDisposable
{
    private static readonly string Specification = Repository.PathOf("examples", "table.yaml");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--starts explicti,zero", "--starts explicti,zero: 'explicti' is no start; did you mean 'explicit'?", "--starts explicti,zero: the explicit start is missing, which the others are compared with; add it, e.g. --starts explicit,random")]
    [InlineData("--starts explicit,explicit", "--starts explicit,explicit: 'explicit' is given twice; remove one of them")]
    [InlineData("--rates 0.1,x", "--rates 0.1,x: 'x' is no learning rate; expected numbers above 0, e.g. --rates 0.005,0.02")]
    [InlineData("--rates 0", "--rates 0: '0' is no learning rate; expected numbers above 0, e.g. --rates 0.005,0.02")]
    [InlineData("--rates 1,1.0", "--rates 1,1.0: 1.0 is given twice; remove one of them")]
    [InlineData("--rounds 0", "--rounds 0: expected a whole number from 1 to 100000, e.g. --rounds 10")]
    [InlineData("--set refine.start=prior --set refine.method=averaging", "--set refine.start=prior: 'refine.start' is 'prior'; the known values are explicit, random and zero")]
    public async Task What_is_wrong_is_told_in_a_line_each_with_exit_code_2(string flags, params string[] expected)
    {
        var (code, _, error) = await RunAsync(["study", Specification, .. flags.Split(' ')]);
        Assert.Equal(ExitCode.WrongUsage, code);
        Assert.Equal(expected, error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_study_that_was_stopped_goes_on_and_reports_what_its_jobs_recorded()
    {
        await StopAtJobAsync(6);
        string[] command = ["study", Specification, "--rounds", "2", "--rates", "0.01", "--store", _folder.Path, "--output", Path.Combine(_folder.Path, "report"), "--json"];
        var (code, text, error) = await RunAsync(command);
        Assert.True(code == ExitCode.Done, error);
        using var json = JsonDocument.Parse(text);
        var study = json.RootElement.GetProperty("study");
        var runs = study.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["explicit", "random", "zero"], runs.Select(run => run.GetProperty("start").GetString()));
        Assert.Equal([true, true, false], runs.Select(run => run.GetProperty("reused").GetBoolean()));
        var store = new FolderArtifactStore(_folder.Path);
        foreach (var run in runs.Append(study.GetProperty("sweeps")))
            await AssertRecordedAsync(store, run);
        Assert.Equal(3, study.GetProperty("passes").GetArrayLength());
        Assert.All(study.GetProperty("passes").EnumerateArray(), pass => Assert.True(pass.GetProperty("seconds").GetDouble() > 0));
        Assert.Equal(12, json.RootElement.GetProperty("verdicts").GetArrayLength());

        string[] files = ["report.html", "report.md", "study.json", "loss-train.png", "loss-test.png", "loss-train-random.png", "distance.png", "cosine.png"];
        Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(_folder.Path, "report", file)) is { Exists: true, Length: > 500 }, file));
        Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(_folder.Path, "report", "study.json")));
        var page = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "report", "report.html"));
        foreach (var verdict in json.RootElement.GetProperty("verdicts").EnumerateArray())
            Assert.Contains(verdict.GetProperty("claim").GetString()!, page, StringComparison.Ordinal);
    }

    /// <summary>What the study says of a run is what its job's record and its model say.</summary>
    private static async Task AssertRecordedAsync(FolderArtifactStore store, JsonElement run)
    {
        var result = (await JobFolder.ReadAsync(store, run.GetProperty("job").GetString()!, CancellationToken.None))!.Value.Value.Result!;
        Assert.Equal(result.WeightsSha256, run.GetProperty("weightsSha256").GetString());
        Assert.Equal(result.Refinement, run.GetProperty("rounds").Deserialize<RefinementRound[]>(JsonArtifact.DefaultOptions)!);
        var model = await ModelFolder.ReadAsync(store, $"models/{run.GetProperty("model").GetString()}", CancellationToken.None);
        Assert.Equal(result.WeightsSha256, model.WeightsSha256);
        if (!run.TryGetProperty("beginning", out var beginning))
            return;
        Assert.Equal(result.RefinementStart, beginning.Deserialize<RefinementStart>(JsonArtifact.DefaultOptions));
        Assert.Equal(result.RefinementStart, model.Lineage.Refinement!.Start);
    }

    /// <summary>Runs the same study and stops it where its n-th job would begin.</summary>
    private async Task StopAtJobAsync(int job)
    {
        await using var silo = await EmbeddedSilo.StartAsync(_folder.Path, verbose: false, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var design = new StudyDesign(SpecificationReader.Read(Specification, []), StudyOptions.Of(null, "0.01", "2"));
        var begun = 0;
        var runner = new StudyRunner(
            design,
            silo.Store,
            async (id, specification, token) =>
            {
                if (++begun == job)
                    await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                var grain = silo.Grains.GetGrain<ITrainingJobGrain>(id);
                await grain.StartAsync(specification, token);
                return await grain.WatchAsync(token).Select(step => step.Record).FirstAsync(record => record is { Status: not JobStatus.Running }, token) ?? throw new InvalidOperationException();
            },
            _ => { });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(stop.Token));
        Assert.Equal(job, begun);
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(string[] arguments)
    {
        var (before, beforeError) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter(), new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (await ExplicitCommand.RunAsync(arguments), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }
    }
}
