using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Tests.Specifications;

public sealed class DumpTests
{
    [Fact]
    public void Dump()
    {
        using var folder = new TemporaryFolder();
        using var output = new StreamWriter("/tmp/probe/cases/expected.txt");
        foreach (var bad in BadSpecifications.All)
        {
            var path = folder.Write("spec.yaml", bad.Text);
            string line;
            try { SpecificationReader.Read(path, bad.Sets); line = "NO PROBLEM"; }
            catch (SpecificationException e) { line = string.Join('\x1f', e.Problems.Select(p => p.ToString().Replace(folder.Path + "/", "", StringComparison.Ordinal))); }
            catch (Exception e) { line = "CRASH " + e.GetType() + e.Message.ReplaceLineEndings(" "); }
            output.WriteLine(line);
        }
    }
}
