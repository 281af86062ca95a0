using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit jobs ...</c>: the verbs on jobs. List and show read the records of the store; the others talk to whoever runs the job.</summary>
internal static class JobsCommand
{
    public static Argument<string> JobArgument { get; } = new("ID") { Description = "The job's id, or the start of it." };

    public static Command Create()
    {
        var list = new Command("list", "Lists the jobs of the store, newest first.");
        list.SetAction(ListAsync);
        var show = new Command("show", "Shows one job and its result.") { JobArgument };
        show.SetAction(ShowAsync);
        return new Command("jobs", "Jobs of the store.") { list, show, JobWatchCommand.Create(), JobCancelCommand.Create(), JobResumeCommand.Create() };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var records = await JobFolder.ListAsync(await context.OpenStoreAsync(cancellationToken), CommandContext.Warn, cancellationToken);
        if (context.Json)
        {
            Console.Out.WriteLine(ListView.JsonOf(records));
            return ExitCode.Done;
        }
        ListView.Show(records, context.Out);
        if (context.Cluster is null && records.Any(record => record.Status == JobStatus.Running))
            Console.Error.WriteLine("'running' is what the record says: if the process that ran such a job died, go on with 'explicit jobs resume ID'");
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var address = await context.StoreAddressAsync(cancellationToken);
        var record = await JobLookup.FindAsync(CommandContext.Open(address), address, parsed.GetRequiredValue(JobArgument), cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(JsonView.Of(record));
        else
            ResultView.Show(record, context.Out);
        return ExitCode.Done;
    }
}
