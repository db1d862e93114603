using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

public sealed class ExpressionErrorTests
{
    private static ValueSpace Space { get; } = new(new FakeMemory(0x1000, new byte[64]));

    [Theory]
    [InlineData("1 / 0", 2, "Division by zero")]
    [InlineData("7 % (1 - 1)", 2, "Division by zero")]
    [InlineData("x", 0, "No symbol \"x\" in current context.")]
    [InlineData("1 + a::b", 4, "No symbol \"a::b\" in current context.")]
    [InlineData("1 +", 3, "The expression ends too early.")]
    [InlineData("", 0, "An expression is expected.")]
    [InlineData("(1", 2, "The expression ends too early.")]
    [InlineData("1 2", 2, "A syntax error in expression, near `2'.")]
    [InlineData("1 = 2", 2, "Assignments are not done: expressions never write to a guest.")]
    [InlineData("1 += 2", 2, "Assignments are not done: expressions never write to a guest.")]
    [InlineData("(1 = 2)", 3, "Assignments are not done: expressions never write to a guest.")]
    [InlineData("++1", 0, "Assignments are not done: expressions never write to a guest.")]
    [InlineData("1--", 1, "Assignments are not done: expressions never write to a guest.")]
    [InlineData("1(2)", 1, "Functions are not called: expressions never write to a guest.")]
    [InlineData("*1.5", 0, "Attempt to take contents of a non-pointer value.")]
    [InlineData("*(void *)0x1000", 0, "Attempt to take contents of a non-pointer value.")]
    [InlineData("&1", 0, "Attempt to take address of value not located in memory.")]
    [InlineData("1.5 % 2", 4, "Floating point numbers have no operator %.")]
    [InlineData("~1.5", 0, "Argument to complement operation not an integer, boolean.")]
    [InlineData("1.x", 0, "Invalid number \"1.x\".")]
    [InlineData("09", 0, "Invalid number \"09\".")]
    [InlineData("99999999999999999999", 0, "Numeric constant too large.")]
    [InlineData("'ab", 0, "Unmatched single quote.")]
    [InlineData("\"ab", 0, "Unterminated string in expression.")]
    [InlineData("1 # 2", 2, "Invalid character '#' in expression.")]
    [InlineData("$rax", 0, "No registers.")]
    [InlineData("int", 0, "int is a type, not a value.")]
    [InlineData("(struct nope *)1", 8, "No struct type named nope.")]
    [InlineData("5.member", 0, "Invalid number \"5.member\".")]
    [InlineData("(5).m", 1, "Attempt to extract a component of a value that is not a structure.")]
    [InlineData("*(int *)0x1000 @ 0", 17, "Invalid number of repetitions.")]
    [InlineData("5@2", 1, "Only values in memory can be extended with '@'.")]
    public void Error_SaysWhatAndWhere(string text, int position, string message)
    {
        ExpressionException error = Assert.Throws<ExpressionException>(() => ValueExpression.Evaluate(text, Space));
        Assert.Equal((message, position), (error.Message, error.Position));
    }

    [Theory]
    [InlineData("x == 1", "No symbol \"x\" in current context.")]
    [InlineData("1 ==", "The expression ends too early.")]
    [InlineData("(5).m == 1", "Attempt to extract a component of a value that is not a structure.")]
    [InlineData("*(int *)0x1000 == 0", null)]
    [InlineData("*(int *)0x9000 == 0", null)] // can't be read now
    [InlineData("1 / *(int *)0x1000 == 0", null)] // divides by zero now
    public void Mistake_IsWhatIsWrongWhateverMemoryHolds(string text, string? message) =>
        Assert.Equal(message, ValueExpression.FindMistake(text, Space)?.Message);

    [Theory]
    [InlineData("true + true", "2")]
    [InlineData("int(3.7)", "3")]
    [InlineData("(__int128)1 << 100", "1267650600228229401496703205376")]
    [InlineData("unsigned(-1)", "4294967295")]
    [InlineData("long(1) << 40", "1099511627776")]
    [InlineData("alignof(long)", "8")]
    [InlineData("(-9223372036854775807l - 1) / -1", "-9223372036854775808")]
    [InlineData("((int *)0x1000)[1:4]", "{0, 0, 0}")]
    [InlineData("2[(int *)0x1000]", "0")]
    [InlineData("nullptr == 0", "true")]
    [InlineData("0b101", "5")]
    [InlineData("L\"ab\"", "L\"ab\"")]
    public void BeyondGdb_IsComputed(string text, string expected) =>
        Assert.Equal(expected, ValueText.Format(ValueExpression.Evaluate(text, Space)));

    [Fact]
    public void AnyText_GivesAValueOrAnError()
    {
        const string Alphabet = "()[]{}<>*&.->,:'\"\\$@=!~+-/%|^? 0123456789abcxyzulLeE_#;";
        string[] words =
        [
            "int",
            "sizeof",
            "unsigned",
            "const",
            "struct",
            "(int*)",
            "0x1000",
            "static_cast<int>(",
            "::",
            "->",
            "nullptr",
            "'a'",
            "1.5",
            "<<",
        ];
        var random = new Random(4711);
        int values = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(
                Enumerable
                    .Range(0, random.Next(1, 12))
                    .Select(_ =>
                        random.Next(2) == 0
                            ? Alphabet[random.Next(Alphabet.Length)].ToString()
                            : words[random.Next(words.Length)]
                    )
            );
            try
            {
                ValueText.Format(ValueExpression.Evaluate(text, Space));
                values++;
            }
            catch (ExpressionException e)
            {
                Assert.InRange(e.Position, 0, text.Length);
            }
        }

        Assert.True(values > 100);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        Assert.Throws<ExpressionException>(() =>
            ValueExpression.Evaluate(new string('(', 5000) + "1" + new string(')', 5000), Space)
        );
        Assert.Throws<ExpressionException>(() =>
            ValueExpression.Evaluate(new string('-', 5000).Replace("--", "- ", StringComparison.Ordinal) + "1", Space)
        );
        Assert.Throws<ExpressionException>(() => ValueExpression.Evaluate("(int" + new string('(', 3000) + "*", Space));
    }
}
