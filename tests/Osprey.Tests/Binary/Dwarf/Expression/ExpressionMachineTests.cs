using Osprey.Binary;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Expression;

namespace Osprey.Tests.Binary.Dwarf.Expression;

public sealed class ExpressionMachineTests
{
    private static readonly UnitEncoding s_encoding = new(5, 8, 4);

    private readonly FakeExpressionContext _context = new()
    {
        FrameBase = 0x1000,
        Cfa = 0x2000,
        Bias = 0x50_0000,
    };

    public ExpressionMachineTests()
    {
        _context.Registers[3] = 0x333;
        _context.Registers[40] = 0x4000;
        _context.Memory[0x333] = 0x8877_6655_4433_2211;
        _context.Types[0x10] = new ExpressionType(ExpressionTypeKind.Signed, 4);
        _context.Types[0x20] = new ExpressionType(ExpressionTypeKind.Unsigned, 1);
        _context.Types[0x30] = new ExpressionType(ExpressionTypeKind.Float, 8);
    }

    [Theory]
    [InlineData("0300200000 00000000", 0x50_2000UL)] // addr 0x2000
    [InlineData("73 05", 0x338UL)] // breg3 5
    [InlineData("73 7f", 0x332UL)] // breg3 -1
    [InlineData("92 28 08", 0x4008UL)] // bregx 40 8
    [InlineData("91 70", 0xff0UL)] // fbreg -16
    [InlineData("9c 23 08", 0x2008UL)] // call_frame_cfa, plus_uconst 8
    [InlineData("73 00 06", 0x8877_6655_4433_2211UL)] // deref
    [InlineData("73 00 94 02", 0x2211UL)] // deref_size 2
    [InlineData("08 10 9b", 0x7010UL)] // form_tls_address
    [InlineData("08 10 e0", 0x7010UL)] // GNU_push_tls_address
    [InlineData("03 1000000000000000 e0", 0x7010UL)] // addr of a thread-local is not moved
    [InlineData("a1 02", 0x50_0020UL)] // addrx 2
    [InlineData("a2 02", 0x20UL)] // constx 2
    [InlineData("fb 02", 0x50_0020UL)]
    [InlineData("fc 02", 0x20UL)]
    [InlineData("a1 02 9b", 0x7020UL)]
    [InlineData("a3 01 55", 99UL)] // entry_value(reg5)
    [InlineData("f3 01 55", 99UL)]
    public void Evaluate_AddressExpression_IsMemory(string hex, ulong address) =>
        Assert.Equal([new LocationPiece(new ValueLocation.Memory(address))], Evaluate(hex));

    [Theory]
    [InlineData("09 ff", ulong.MaxValue)] // const1s
    [InlineData("0a ffff", 0xffffUL)]
    [InlineData("0b feff", unchecked((ulong)-2))]
    [InlineData("0c ffffffff", 0xffff_ffffUL)]
    [InlineData("0d ffffffff", ulong.MaxValue)]
    [InlineData("0e 0102030405060708", 0x0807060504030201UL)]
    [InlineData("10 8001", 128UL)]
    [InlineData("11 7f", ulong.MaxValue)]
    [InlineData("31 32 12 22 22", 5UL)] // lit1 lit2 dup plus plus
    [InlineData("31 32 13", 1UL)] // drop
    [InlineData("31 32 14", 1UL)] // over
    [InlineData("31 32 33 15 02", 1UL)] // pick 2
    [InlineData("31 32 16 1c", 1UL)] // swap, minus: 2 - 1
    [InlineData("31 32 33 17", 2UL)] // rot: 3 1 2
    [InlineData("31 32 33 17 13 13", 3UL)]
    [InlineData("09 f9 19", 7UL)] // abs
    [InlineData("09 f9 32 1b", unchecked((ulong)-3))] // -7 div 2
    [InlineData("37 33 1d", 1UL)] // 7 mod 3
    [InlineData("09 fe 33 1e", unchecked((ulong)-6))]
    [InlineData("31 1f", ulong.MaxValue)]
    [InlineData("30 20", ulong.MaxValue)]
    [InlineData("3c 3a 1a", 8UL)]
    [InlineData("3c 3a 21", 14UL)]
    [InlineData("3c 3a 27", 6UL)]
    [InlineData("31 34 24", 16UL)]
    [InlineData("31 08 40 24", 0UL)] // shift by 64
    [InlineData("09 80 34 26", unchecked((ulong)-8))] // shra
    [InlineData("09 80 08 7c 25", 0UL)] // shift by 124
    [InlineData("09 ff 31 2d", 1UL)] // -1 lt 1
    [InlineData("31 31 29", 1UL)]
    [InlineData("31 32 2a", 0UL)]
    [InlineData("31 32 2c", 1UL)]
    [InlineData("32 31 2b", 1UL)]
    [InlineData("32 31 2e", 1UL)]
    [InlineData("31 28 0100 30 35", 5UL)] // bra over a lit0
    [InlineData("30 28 0100 34 96", 4UL)] // not taken
    [InlineData("2f 0100 30 36", 6UL)] // skip
    [InlineData("3a 31 1c 12 28 faff", 0UL)] // count down from 10 by a loop
    [InlineData("a4 10 04 feffffff 31 a8 10 22 a8 00", ulong.MaxValue)] // int -2, converted 1: plus, back to generic
    [InlineData("a5 03 20", 0x33UL)] // register in one byte
    [InlineData("73 00 a6 04 10 a8 00", 0x4433_2211UL)]
    [InlineData("a4 10 04 03000000 a8 30 a4 30 08 000000000000e03f 1e a8 10", 1UL)] // 3 * 0.5
    [InlineData("a4 30 08 000000000000f0bf a9 00", 0xbff0_0000_0000_0000UL)] // reinterpret
    public void TryEvaluateValue_Arithmetic_Wraps(string hex, ulong expected)
    {
        bool isThere = new ExpressionMachine(s_encoding).TryEvaluateValue(
            Parse(hex),
            _context,
            null,
            out ulong value,
            out string? reason
        );

        Assert.Equal((true, expected, null), (isThere, value, reason));
    }

    [Fact]
    public void Evaluate_StackValueRegisterAndImplicit_AreNotMemory()
    {
        Assert.Equal([new LocationPiece(new ValueLocation.Value(7))], Evaluate("37 9f"));
        Assert.Equal([new LocationPiece(new ValueLocation.Register(5))], Evaluate("55"));
        Assert.Equal([new LocationPiece(new ValueLocation.Register(5))], Evaluate("55 f0"));
        Assert.Equal([new LocationPiece(new ValueLocation.Register(300))], Evaluate("90 ac02"));
        Assert.Equal([new LocationPiece(new ValueLocation.Implicit(new byte[] { 1, 2, 3 }))], Evaluate("9e 03 010203"));
        Assert.Equal([new LocationPiece(new ValueLocation.ImplicitPointer(0x1234, -4))], Evaluate("a0 34120000 7c"));
        Assert.Equal([new LocationPiece(new ValueLocation.ImplicitPointer(0x1234, 4))], Evaluate("f2 34120000 04"));
    }

    [Fact]
    public void Evaluate_Pieces_KeepTheirOrder() =>
        Assert.Equal(
            [
                new LocationPiece(new ValueLocation.Register(0), 64),
                new LocationPiece(new ValueLocation.OptimizedOut("the program does not keep it here"), 32),
                new LocationPiece(new ValueLocation.Memory(0x1000), 16),
                new LocationPiece(new ValueLocation.Value(1), 8),
                new LocationPiece(new ValueLocation.Unavailable("register 9 is not known"), 8),
                new LocationPiece(new ValueLocation.Register(1), 3, 5),
            ],
            Evaluate("50 93 08  93 04  91 00 93 02  31 9f 93 01  79 00 93 01  51 9d 03 05")
        );

    [Theory]
    [InlineData("79 08", "register 9 is not known")]
    [InlineData("79 08 06 31 22", "register 9 is not known")]
    [InlineData("73 01 06", "memory at 0x334 can't be read")]
    [InlineData("31 30 1b", "its expression divides by zero")]
    [InlineData("97", "the object's address is not known")]
    [InlineData("79 00 28 0000", "register 9 is not known")]
    [InlineData("99 34120000", "the expression at 0x1234 that it calls can't be read")]
    [InlineData("31 ec", "operation 0xec at 1 of its expression is not known")]
    [InlineData("31 32 18", "it is in an address space that this processor does not have")]
    [InlineData("a5 03 50", "register 3 in a type that is not known here")]
    [InlineData("fd 34120000", "the variable at 0x1234 that it depends on can't be read")]
    public void Evaluate_MissingInput_SaysWhy(string hex, string reason) =>
        Assert.Equal([new LocationPiece(new ValueLocation.Unavailable(reason))], Evaluate(hex));

    [Theory]
    [InlineData("")]
    [InlineData("96")]
    public void Evaluate_NothingPushed_IsOptimizedOut(string hex) =>
        Assert.Equal(
            [new LocationPiece(new ValueLocation.OptimizedOut("the program does not keep it here"))],
            Evaluate(hex)
        );

    [Fact]
    public void Evaluate_EntryValueNotKnown_IsOptimizedOut() =>
        Assert.Equal(
            [new LocationPiece(new ValueLocation.OptimizedOut("its value at the function's entry is not known"))],
            Evaluate("a3 01 51 23 08 9f")
        );

    [Theory]
    [InlineData("22")] // plus on nothing
    [InlineData("31 22")]
    [InlineData("31 16")] // swap of one
    [InlineData("31 15 01")] // pick behind the bottom
    [InlineData("2f ff7f")] // jump out
    [InlineData("2f fcff")] // jump before the start
    [InlineData("03 00")] // cut short
    [InlineData("9e 05 01")]
    [InlineData("a3 02 55")]
    [InlineData("55 31")] // behind a register
    [InlineData("31 94 09")] // 9 bytes
    [InlineData("31 94 00")]
    [InlineData("90 ffffffffff0f")] // register number over 31 bits
    [InlineData("2f fdff")] // for ever
    [InlineData("31 2f fcff")] // a stack without end
    [InlineData("99 01000000")] // calls itself
    [InlineData("a4 30 08 0000000000000000 31 22")] // float + generic
    public void Evaluate_Malformed_Throws(string hex)
    {
        _context.Procedures[1] = Parse("99 01000000");

        Assert.Throws<BadDataException>(() => Evaluate(hex));
    }

    [Fact]
    public void Evaluate_Call_SharesTheStack()
    {
        _context.Procedures[0x77] = Parse("23 05");

        Assert.Equal([new LocationPiece(new ValueLocation.Memory(7))], Evaluate("32 98 7700"));
        Assert.Equal([new LocationPiece(new ValueLocation.Memory(7))], Evaluate("32 9a 77000000"));
    }

    [Fact]
    public void TryEvaluateValue_InitialValue_IsOnTheStack()
    {
        bool isThere = new ExpressionMachine(s_encoding).TryEvaluateValue(
            Parse("23 10"),
            _context,
            0x100,
            out ulong value,
            out _
        );

        Assert.Equal((true, 0x110UL), (isThere, value));
    }

    [Fact]
    public void Evaluate_FourByteAddresses_WrapAtThem()
    {
        var machine = new ExpressionMachine(new UnitEncoding(4, 4, 4));

        Assert.Equal(
            [new LocationPiece(new ValueLocation.Value(0xffff_ffff))],
            machine.Evaluate(Parse("30 31 1c 9f"), _context)
        );
    }

    [Fact]
    public void Evaluate_RandomBytes_EndsInResultOrBadData()
    {
        var random = new Random(20261121);
        var machine = new ExpressionMachine(s_encoding, limits: new ParseLimits { MaxExpressionSteps = 500 });
        byte[] likely =
        [
            0x06,
            0x12,
            0x16,
            0x22,
            0x28,
            0x2f,
            0x31,
            0x33,
            0x50,
            0x73,
            0x91,
            0x93,
            0x94,
            0x9c,
            0x9f,
            0xa3,
            0xa8,
            0xa4,
        ];
        int results = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 24)];
            random.NextBytes(bytes);
            for (int k = 0; k < bytes.Length; k++)
                bytes[k] = random.Next(3) == 0 ? bytes[k] : likely[random.Next(likely.Length)];

            try
            {
                results += Math.Sign(machine.Evaluate(bytes, _context).Count);
            }
            catch (BadDataException) { }
        }

        Assert.InRange(results, 1_000, 99_000);
    }

    private static byte[] Parse(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private IReadOnlyList<LocationPiece> Evaluate(string hex) =>
        new ExpressionMachine(s_encoding).Evaluate(Parse(hex), _context);
}
