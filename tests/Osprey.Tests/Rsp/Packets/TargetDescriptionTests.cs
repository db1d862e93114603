using Osprey.Rsp;
using Osprey.Rsp.Packets;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Rsp.Packets;

public sealed class TargetDescriptionTests
{
    [Fact]
    public void Parse_CommentedRegistersAndIncludes_NumbersWhatIsThere()
    {
        var stub = new FakeStub();

        TargetDescription description = TargetDescription.Parse(
            stub.Documents["target.xml"],
            stub.Documents.GetValueOrDefault
        );

        const string Core = "org.gnu.gdb.i386.core";
        Assert.Equal("i386:x86-64", description.Architecture);
        Assert.Equal(
            [
                new TargetRegister(0, "rax", 64, Core),
                new TargetRegister(1, "rip", 64, Core),
                new TargetRegister(2, "eflags", 32, Core),
                new TargetRegister(3, "cs", 32, Core),
                new TargetRegister(4, "fs_base", 64, Core),
                new TargetRegister(5, "k_gs_base", 64, Core),
                new TargetRegister(6, "cr3", 64, Core),
                new TargetRegister(7, "st0", 80, Core),
            ],
            description.Registers
        );
        Assert.Equal(10, description.Find("st0")!.ByteSize);
        Assert.Null(description.Find("ss_base"));
    }

    [Fact]
    public void Parse_NumbersGiven_CountOnFromThem()
    {
        TargetDescription description = TargetDescription.Parse(
            "<target><feature name='f'><reg name='a' bitsize='8' regnum='7'/>"
                + "<reg name='b' bitsize='8'/></feature><reg name='c' bitsize='1' regnum='2'/></target>",
            _ => null
        );

        Assert.Equal(
            [new TargetRegister(2, "c", 1, ""), new TargetRegister(7, "a", 8, "f"), new TargetRegister(8, "b", 8, "f")],
            description.Registers
        );
        Assert.Null(description.Architecture);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<target>")]
    [InlineData("<target><reg bitsize='8'/></target>")]
    [InlineData("<target><reg name='a'/></target>")]
    [InlineData("<target><reg name='a' bitsize='0'/></target>")]
    [InlineData("<target><reg name='a' bitsize='-8'/></target>")]
    [InlineData("<target><reg name='a' bitsize='99999999999'/></target>")]
    [InlineData("<target><reg name='a' bitsize='8' regnum='65536'/></target>")]
    [InlineData("<target><reg name='a' bitsize='8'/><reg name='b' bitsize='8' regnum='0'/></target>")]
    [InlineData("<target><xi:include href='missing.xml'/></target>")]
    [InlineData("<target><xi:include/></target>")]
    [InlineData("<!DOCTYPE t [<!ENTITY e 'x'>]><target><architecture>&e;</architecture></target>")]
    [InlineData("<!DOCTYPE t [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><target>&e;</target>")]
    public void Parse_Malformed_IsRefused(string xml) =>
        Assert.Throws<RspException>(() => TargetDescription.Parse(xml, _ => null));

    [Fact]
    public void Parse_DocumentThatIncludesItself_IsRefused() =>
        Assert.Throws<RspException>(() =>
            TargetDescription.Parse("<t><include href='t'/></t>", _ => "<t><include href='t'/></t>")
        );

    [Fact]
    public void Parse_ManyIncludes_AreRefused() =>
        Assert.Throws<RspException>(() =>
            TargetDescription.Parse(
                $"<t>{string.Concat(Enumerable.Repeat("<include href='t'/>", 100))}</t>",
                _ => "<t/>"
            )
        );

    [Fact]
    public void Parse_TooManyRegistersTooDeepOrTooLong_AreRefused()
    {
        string registers = string.Concat(Enumerable.Range(0, 5000).Select(i => $"<reg name='r{i}' bitsize='8'/>"));

        Assert.Throws<RspException>(() => TargetDescription.Parse($"<t>{registers}</t>", _ => null));
        Assert.Throws<RspException>(() =>
            TargetDescription.Parse(string.Concat(Enumerable.Repeat("<a>", 100_000)), _ => null)
        );
        Assert.Throws<RspException>(() => TargetDescription.Parse($"<t>{new string(' ', 2_000_000)}</t>", _ => null));
    }

    [Fact]
    public void Parse_CutAtEveryCharacterOrMutated_NeverFailsInAnotherWay()
    {
        string xml = new FakeStub().Documents["i386-64bit.xml"];
        var random = new Random(5);
        for (int i = 0; i < xml.Length; i++)
        {
            Try(xml[..i]);
            char[] changed = xml.ToCharArray();
            for (int k = 0; k < 3; k++)
                changed[random.Next(changed.Length)] = "<>&'\"/= !-\0\ud800x0"[random.Next(14)];

            Try(new string(changed));
        }

        static void Try(string text)
        {
            try
            {
                TargetDescription.Parse(text, _ => null);
            }
            catch (RspException)
            {
                // The parser must throw this one.
            }
        }
    }
}
