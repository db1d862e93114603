using System.Text;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Model;

public sealed class PayloadBuilderTests
{
    [Fact]
    public void Finish_AllTypes_AreReadBack()
    {
        PayloadLayout layout = Parse("bHiq?cf*d8ppP");
        var builder = new PayloadBuilder();
        builder.Start(layout);
        builder.AddInteger(-2);
        builder.AddInteger(65_535);
        builder.AddInteger(-70_000);
        builder.AddInteger(long.MinValue);
        builder.AddInteger(1);
        builder.AddInteger('x');
        builder.AddDouble(1.5);
        builder.AddBytes([1, 2, 3]);
        builder.AddDouble(-2.25);
        builder.AddBytes("too long for 8"u8);
        builder.AddBytes("text"u8);
        builder.AddInteger(unchecked((long)0xffff_8000_0000_1000));
        ReadOnlySpan<byte> payload = builder.Finish();

        var read = new PayloadArguments(layout, payload);
        Assert.Equal(payload.Length, layout.Measure(payload));
        Assert.Equal(
            [-2, 65_535, -70_000, long.MinValue, 1, 'x', unchecked((long)0xffff_8000_0000_1000)],
            [
                read.GetInteger(0),
                read.GetInteger(1),
                read.GetInteger(2),
                read.GetInteger(3),
                read.GetInteger(4),
                read.GetInteger(5),
                read.GetInteger(11),
            ]
        );
        Assert.Equal((1.5, -2.25), (read.GetDouble(6), read.GetDouble(8)));
        Assert.Equal([1, 2, 3], read.GetBytes(7).ToArray());
        Assert.Equal("too lon", Encoding.ASCII.GetString(read.GetBytes(9)));
        Assert.Equal("text", Encoding.ASCII.GetString(read.GetBytes(10)));
    }

    [Fact]
    public void Finish_UsedAgain_HoldsNothingOfThePayloadBefore()
    {
        var builder = new PayloadBuilder();
        builder.Start(Parse("p"));
        builder.AddBytes("something long"u8);
        builder.Finish();
        builder.Start(Parse("bp"));
        builder.AddInteger(3);
        builder.AddBytes("s"u8);

        Assert.Equal([3, 1, (byte)'s', .. new byte[48]], builder.Finish().ToArray());
    }

    [Fact]
    public void Add_WrongTypeOrCount_IsRefused()
    {
        var builder = new PayloadBuilder();
        builder.Start(Parse("ip"));
        Assert.Throws<InvalidOperationException>(() => builder.AddDouble(1));
        builder.Start(Parse("ip"));
        builder.AddInteger(1);
        Assert.Throws<InvalidOperationException>(() => builder.Finish().Length);
        Assert.Throws<InvalidOperationException>(() => builder.AddInteger(1));
        builder.Start(Parse("i"));
        builder.AddInteger(1);
        Assert.Throws<InvalidOperationException>(() => builder.AddInteger(1));
    }

    private static PayloadLayout Parse(string signature) =>
        PayloadLayout.TryParse(signature, out PayloadLayout? layout, out _)
            ? layout!
            : throw new ArgumentException(signature);
}
