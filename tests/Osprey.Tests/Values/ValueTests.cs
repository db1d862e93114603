using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

public sealed class ValueTests
{
    private static readonly byte[] s_bytes = [1, 0, 0, 0, 2, 0, 0, 0, 0xb5, 0x0f, 0, 0, 4, 0, 0, 0];

    private static ValueSpace Space { get; } = new(new FakeMemory(0x1000, s_bytes));

    [Fact]
    public void Member_OfBaseAndAnonymousPart_IsFoundOwnFirst()
    {
        CompoundType part = new TypeBuilder(null, CompoundKind.Union)
            .Add("inner", BuiltinTypes.Int)
            .Add("same", BuiltinTypes.UnsignedInt)
            .Build();
        CompoundType parent = new TypeBuilder("parent").Add("a", BuiltinTypes.Int).Build();
        CompoundType type = new TypeBuilder("child")
            .AddBase(parent)
            .Add("b", BuiltinTypes.Int)
            .Add(null, part)
            .Add("same", BuiltinTypes.Int)
            .Build();
        Value value = Space.At(type, 0x1000);

        Assert.Equal(0x1000UL, value.Member("a")!.Address);
        Assert.Equal(0x1004UL, value.Member("newer", "b")!.Address);
        Assert.Equal(0x1008UL, value.Member("inner")!.Address);
        Assert.Equal(0x1008UL, value.Member("same")!.Address);
        Assert.Null(value.Member("absent"));
        Assert.Equal("{<parent> = {a = 1}, b = 2, {inner = 4021, same = 4021}, same = 4}", ValueText.Format(value));
    }

    [Fact]
    public void BitField_OfEitherSign_IsExtended()
    {
        CompoundType type = new TypeBuilder("bits").Add("a", BuiltinTypes.Int, new MemberBits(4, 4)).Build();
        Value signed = Space.At(type, 0x1008).Member("a")!;
        Value unsigned = Space
            .At(new TypeBuilder("bits").Add("a", BuiltinTypes.UnsignedInt, new MemberBits(2, 10)).Build(), 0x1008)
            .Member("a")!;

        Assert.True(signed.TryGetInt64(out long a));
        Assert.Equal(-5, a);
        Assert.True(unsigned.TryGetUInt64(out ulong b));
        Assert.Equal(0x3edUL, b);
    }

    [Theory]
    [InlineData("of the day after", 32, BaseEncoding.Float)]
    [InlineData("_Decimal64", 8, (BaseEncoding)0x0f)] // DW_ATE_decimal_float
    [InlineData("complex of three bytes", 3, BaseEncoding.ComplexFloat)]
    [InlineData("of tomorrow", 4, (BaseEncoding)0x80)] // DW_ATE_lo_user
    public void Number_OfAFormatThatIsNotKnown_IsNeverAnotherNumber(string name, ulong size, BaseEncoding encoding)
    {
        var space = new ValueSpace(new FakeMemory(0x1000, new byte[32]));
        Value value = space.At(new BaseType(name, size, encoding), 0x1000);

        Assert.False(value.TryGetInt64(out _));
        Assert.False(value.TryGetDouble(out _));
        Assert.Equal($"<not known: numbers of type {name} are not understood>", ValueText.Format(value));
    }

    [Fact]
    public void Unreadable_IsNeverZero()
    {
        CompoundType type = new TypeBuilder("half")
            .Add("a", BuiltinTypes.Long)
            .Add("b", BuiltinTypes.Long)
            .Add("c", BuiltinTypes.Int)
            .Build();
        Value value = Space.At(type, 0x1000);

        Assert.False(value.Member("c")!.TryGetUInt64(out _));
        Assert.Equal(ValueProblem.Unreadable(0x1010), value.Member("c")!.Problem);
        Assert.Null(value.Member("c")!.AsPointer());
        Assert.Equal(
            "{a = 8589934593, b = 17179873205, c = <error: Cannot access memory at address 0x1010>}",
            ValueText.Format(value)
        );
        Assert.Equal("<error: Cannot access memory at address 0x2000>", ValueText.Format(Space.At(type, 0x2000)));
        Assert.Equal("<optimized out>", ValueText.Format(Space.Missing(type, ValueProblem.OptimizedOut("gone"))));
    }

    [Fact]
    public void Text_Options_AreFollowed()
    {
        CompoundType point = new TypeBuilder("point").Add("x", BuiltinTypes.Int).Add("y", BuiltinTypes.Int).Build();
        CompoundType type = new TypeBuilder("line").Add("from", point).Add("to", point).Build();
        Value value = Space.At(type, 0x1000);

        Assert.Equal(
            "{from = {x = 0x1, y = 0x2}, to = {x = 0xfb5, y = 0x4}}",
            ValueText.Format(value, new ValueTextOptions { Hex = true })
        );
        Assert.Equal("{from = {...}, to = {...}}", ValueText.Format(value, new ValueTextOptions { MaxDepth = 1 }));
        Assert.Equal(
            "{\n  from = {\n    x = 1,\n    y = 2\n  },\n  to = {\n    x = 4021,\n    y = 4\n  }\n}",
            ValueText.Format(value, new ValueTextOptions { Pretty = true })
        );
        Assert.Equal(
            "{1, 2...}",
            ValueText.Format(
                value.Reinterpret(BuiltinTypes.ArrayOf(BuiltinTypes.Int, 4)),
                new ValueTextOptions { MaxElements = 2 }
            )
        );
    }

    [Fact]
    public void Type_ThatContainsItself_IsBounded()
    {
        CompoundType? type = null;
        type = new CompoundType(
            CompoundKind.Struct,
            "endless",
            4,
            () => new CompoundBody([new Member("self", () => type!, 0)], [new BaseClass(() => type!, 0, false)], [], [])
        );
        Value value = Space.At(type, 0x1000);

        Assert.Null(value.Member("absent"));
        Assert.True(ValueText.Format(value).Length <= (1 << 22) + 1000);
        Assert.Equal(1UL, TypeFacts.get_Alignment(type));
    }
}
