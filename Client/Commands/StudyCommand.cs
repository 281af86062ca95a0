using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Study;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Client.Study;
using ExplicitCluster.Client.Uploads;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit study SPEC</c>: averaged SGD from explicit, random and zero weights at several rates, as ordinary jobs, and a report that judges the paper's claims.</summary>
internal static class StudyCommand
{
    private static readonly Option<string> Starts = new("--starts") { Description = "Starts to compare, explicit among them. Default: explicit,random,zero.", HelpName = "LIST" };

    private static readonly Option<string> Rates = new("--rates") { Description = "Learning rates. Default: a quarter of the specification's, itself, and four times it.", HelpName = "LIST" };

    private static readonly Option<string> Rounds = new("--rounds") { Description = "Rounds of every run. Default: the specification's.", HelpName = "NUMBER" };

    private static readonly Option<string> Output = new("--output") { Description = "Folder for the report. Default: study-NAME.", HelpName = "FOLDER" };

    public static Command Create()
    {
        var command = new Command("study", "Compares starts of averaged SGD at equal budget. A study that was stopped goes on when it is run again.")
        {
            TrainCommand.SpecificationArgument, TrainCommand.SetOption, Starts, Rates, Rounds, Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var options = StudyOptions.Of(parsed.GetValue(Starts), parsed.GetValue(Rates), parsed.GetValue(Rounds));
        var specification = SpecificationReader.ReadStudy(parsed.GetRequiredValue(TrainCommand.SpecificationArgument), parsed.GetValue(TrainCommand.SetOption) ?? []);
        var folder = parsed.GetValue(Output) ?? $"study-{specification.Name}";
        StudyFigures figures;
        try
        {
            figures = context.Cluster is null
                ? await RunHereAsync(specification, options, context, cancellationToken)
                : await RunInClusterAsync(specification, options, context, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine($"the study was stopped{(context.Cluster is null ? "" : "; its job goes on in the cluster")}");
            Console.Error.WriteLine("  go on with the same command: runs that ended are kept, and the one in work goes on from its last round");
            return ExitCode.Cancelled;
        }
        var verdicts = StudyRules.Judge(figures);
        var files = StudyReport.Write(folder, figures, verdicts);
        if (context.Json)
            Console.Out.WriteLine(StudyView.JsonOf(figures, verdicts));
        else
            StudyView.Show(figures, verdicts, files, context.Out);
        return ExitCode.Done;
    }

    private static async Task<StudyFigures> RunHereAsync(JobSpecification specification, StudyOptions options, CommandContext context, CancellationToken cancellationToken)
    {
        await using var silo = await EmbeddedSilo.StartAsync(await context.StoreAddressAsync(cancellationToken), context.Verbose, cancellationToken);
        return await Runner(specification, options, silo.Store, RunAsync, context).RunAsync(cancellationToken);

        async Task<JobRecord> RunAsync(string id, JobSpecification job, CancellationToken token)
        {
            var grain = silo.Grains.GetGrain<ITrainingJobGrain>(id);
            if ((await grain.StartAsync(job, CancellationToken.None)).Status is JobStatus.Failed or JobStatus.Cancelled)
                await grain.ResumeAsync(CancellationToken.None);
            await using var cancellation = token.Register(() => _ = grain.CancelAsync(CancellationToken.None));
            try
            {
                return await ProgressView.ShowAsync(grain.WatchAsync(CancellationToken.None), context.Error, CancellationToken.None);
            }
            catch (ProgressEndedException)
            {
                throw new JobException($"job {id} was taken on by another process", "run the same command again when that has ended");
            }
        }
    }

    private static async Task<StudyFigures> RunInClusterAsync(JobSpecification specification, StudyOptions options, CommandContext context, CancellationToken cancellationToken)
    {
        await using var connection = await context.ConnectAsync(cancellationToken);
        var store = CommandContext.Open(await context.StoreAddressAsync(connection, cancellationToken));
        var upload = new SourceUpload(store, new SourceReader(store), await connection.ReportsAsync(cancellationToken), context.Error);
        return await Runner(await upload.PrepareAsync(specification, cancellationToken), options, store, RunAsync, context).RunAsync(cancellationToken);

        async Task<JobRecord> RunAsync(string id, JobSpecification job, CancellationToken token)
        {
            var grain = connection.Grains.GetGrain<ITrainingJobGrain>(id);
            // Not to be cancelled, as in 'train': ids make starting twice harmless.
            var record = await ClusterCalls.RetryAsync(call => grain.StartAsync(job, call), CancellationToken.None);
            if (record.Status is JobStatus.Failed or JobStatus.Cancelled)
                await ClusterCalls.RetryAsync(call => grain.ResumeAsync(call), CancellationToken.None);
            var watch = new JobWatch(grain, text => context.Error.Profile.Out.Writer.WriteLine(text), "the same command");
            return await ProgressView.ShowAsync(watch.EventsAsync(token), context.Error, token);
        }
    }

    private static StudyRunner Runner(
        JobSpecification specification, StudyOptions options, IArtifactStore store, Func<string, JobSpecification, CancellationToken, Task<JobRecord>> run, CommandContext context) =>
        new(new StudyDesign(specification, options), store, run, text => context.Error.Profile.Out.Writer.WriteLine(text));
}
