using Osprey.Cli.Commands.Guest;
using Osprey.Session.Guests.Sources;
using Osprey.Target;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest;

public class TargetAdviceTests
{
    [Fact]
    public void Find_EachProblem_NamesTheOptionOrCommandThatHelps()
    {
        IEnumerable<string> advice = Enum.GetValues<TargetProblem>()
            .Select(problem => new TargetException(problem, "") { Names = ["17 (a)", "18"], Cpu = 3 })
            .Select(exception => $"{exception.Problem}: {TargetAdvice.Find(exception)}");
        IEnumerable<string> ends = Enum.GetValues<SourcesProblem>()
            .Select(problem => $"{problem}{TargetAdvice.Find(new SourcesException(problem, "", "/srv/osv"))}");

        GoldenFile.Verify(string.Join('\n', [.. advice, "", .. ends]) + "\n");
    }
}
