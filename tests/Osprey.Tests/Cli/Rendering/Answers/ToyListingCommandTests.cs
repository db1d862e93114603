using System.CommandLine;
using System.Text;
using Osprey.Cli;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Tests.Cli.Rendering.Answers;

public class ToyListingCommandTests
{
    [Theory]
    [InlineData("", "NAME    DISTANCE  HAS RINGS\nMars       228 B  no\nSaturn  1434 KiB  yes\n")]
    [InlineData("--csv", "name,distance,hasRings\nMars,228,false\nSaturn,1468416,true\n")]
    [InlineData(
        "--json",
        """{"planets":[{"name":"Mars","distance":228,"hasRings":false},"""
            + """{"name":"Saturn","distance":1468416,"hasRings":true}]}"""
            + "\n"
    )]
    public void Planets_InEachForm_AreListed(string options, string expected)
    {
        using var capture = new OutputCapture();
        Assert.Equal(ExitCode.Success, Run(options));
        Assert.Equal(expected, Encoding.UTF8.GetString(capture.Data.ToArray()));
        Assert.Equal("", capture.Messages.ToString());
    }

    [Fact]
    public void Planets_InTwoForms_IsAUsageError() =>
        Assert.Equal(
            "choose one of --json and --csv",
            Assert.Throws<UsageException>(() => Run("--csv --json")).Message
        );

    private static int Run(string options)
    {
        var root = new RootCommand();
        root.Subcommands.Add(ToyListingCommand.Create());
        return root.Parse("planets " + options)
            .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
