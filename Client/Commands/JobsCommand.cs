using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit jobs list | show</c>: reads the records of the store; needs no silo.</summary>
internal static class JobsCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, or the start of it." };
        var list = new Command("list", "Lists the jobs of the store, newest first.");
        list.SetAction(ListAsync);
        var show = new Command("show", "Shows one job and its result.") { id };
        show.SetAction((parsed, cancellationToken) => ShowAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(id), cancellationToken));
        return new Command("jobs", "Jobs of the store.") { list, show };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var records = await JobFolder.ListAsync(context.OpenStore(), CommandContext.Warn, cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(ListView.JsonOf(records));
        else
            ListView.Show(records, context.Out);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(CommandContext context, string id, CancellationToken cancellationToken)
    {
        var records = (await JobFolder.ListAsync(context.OpenStore(), CommandContext.Warn, cancellationToken)).Where(record => record.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        if (records.Count != 1)
        {
            throw new JobException(
                records.Count == 0 ? $"no job '{id}' in the store {context.StoreFolder}" : $"'{id}' is the start of {records.Count} jobs",
                "see 'explicit jobs list'");
        }
        if (context.Json)
            Console.Out.WriteLine(JsonView.Of(records[0]));
        else
            ResultView.Show(records[0], context.Out);
        return ExitCode.Done;
    }
}
