namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Command lines and settings that cannot be meant.</summary>
[Collection(nameof(InProcess))]
public sealed class BadCommandLineTests
{
    private static readonly BadInput[] Cases =
    [
        new("no command", "", Outcome.WrongUsage, "see 'explicit --help'"),
        new("an unknown command", "trian", Outcome.WrongUsage, "'trian'"),
        new("an unknown option", "train spec.yaml --sett a=b", Outcome.WrongUsage, "unknown flag '--sett'; did you mean '--set'?"),
        new("an unknown option in place of a file", "train --bogus", Outcome.WrongUsage, "unknown flag '--bogus'; the flags here are --set, --detach"),
        new("no specification", "train", Outcome.WrongUsage, "Required argument missing for command: 'train'", "see 'explicit train --help'"),
        new("no model", "models show", Outcome.WrongUsage, "Required argument missing for command: 'show'", "see 'explicit models show --help'"),
        new("one model to compare", "models compare a", Outcome.WrongUsage, "Required argument missing for command: 'compare'"),
        new("no data", "models evaluate a", Outcome.WrongUsage, "'--data' is required"),
        new("another part", "models evaluate a --data spec.yaml --part other", Outcome.WrongUsage, "'other'"),
        Small("an override without a value", "train spec.yaml --set solve.alpha", Outcome.WrongUsage, "--set solve.alpha: there is no '='"),
        Small("an override of an unknown key", "train spec.yaml --set solve.alhpa=1", Outcome.WrongUsage, "--set solve.alhpa=1: unknown key 'alhpa' in solve; did you mean 'alpha'?"),
        Small("an override of a wrong type", "train spec.yaml --set data.shardRows=many", Outcome.WrongUsage, "'data.shardRows' is 'many'"),
        Small("a store on the web", "train spec.yaml --store http://example.org/store", Outcome.WrongUsage, "'http:' is neither", "give a folder, e.g. --store ./store"),
        Small("a store in a container", "jobs list --store az://container/store", Outcome.WrongUsage, "'az:' is neither"),
        Small("a store that is a file", "train spec.yaml --store table", Outcome.Failed, "in the store", "name another with --store"),
        Small("a store below a file", "train spec.yaml --store table/store", Outcome.Failed, "in the store", "name another with --store"),
        Small("a part that the specification lacks", "models evaluate small --data spec.yaml", Outcome.WrongUsage, "spec.yaml has no data.test", "--part train"),
        Small("an unknown model", "models show nothing", Outcome.Failed, "no model 'nothing' in the store; the store has no model yet", "explicit train SPEC"),
        Small("an unknown model to predict with", "models predict nothing --data spec.yaml --part train", Outcome.Failed, "no model 'nothing' in the store"),
        Small("an unknown job", "jobs show 2020", Outcome.Failed, "no job '2020' in the store", "see 'explicit jobs list'"),
        Small("a negative number of slots", "train spec.yaml", Outcome.WrongUsage, "ExplicitOptions.ComputeSlots must be from 0 to 1024 (was -1)") with
        {
            Variable = ("EXPLICIT__COMPUTESLOTS", "-1"),
        },
        Small("a number of slots that is none", "train spec.yaml", Outcome.WrongUsage, "ComputeSlots", "EXPLICIT__") with
        {
            Variable = ("EXPLICIT__COMPUTESLOTS", "many"),
        },
        Small("memory that does not suffice", "train spec.yaml", Outcome.Failed, "the memory plan needs up to", "Explicit:MaxMemoryBytes") with
        {
            Variable = ("EXPLICIT__MAXMEMORYBYTES", "10"),
            IsProcess = true,
        },
        Small("leave-one-out without smoothing", "train spec.yaml --set solve.k=auto --set solve.alpha=0", Outcome.Failed, "leave-one-out cannot try alpha 0", "set solve.alpha above 0"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_bad_command_line_is_refused_with_what_to_do(string name) => Cases.Single(item => item.Name == name).AssertRefusedAsync();

    private static BadInput Small(string name, string command, int exitCode, params string[] expected) => new(name, command, exitCode, expected)
    {
        Prepare = folder =>
        {
            folder.Write("spec.yaml", SpecificationText.Csv);
            folder.Write("table", "a,b,c\n1,2,x\n3,1,y\n2,2,x\n4,1,y\n");
        },
    };
}
