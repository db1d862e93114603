using System.Text;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Compares expressions over a real program's core file with gdb's answers.</summary>
public sealed class GdbPrintTests
{
    [ToolTheory("g++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("g++", "-O0 -gdwarf-5 -no-pie")]
    [InlineData("g++", "-O0 -gdwarf-4")]
    [InlineData("g++", "-O2 -gdwarf-5")]
    public void Gcc_Expressions_PrintAsGdb(string compiler, string options) => Check(compiler, options);

    [ToolTheory("gcc", "gdb")]
    [InlineData("-O0 -gdwarf-5")]
    [InlineData("-O2 -gdwarf-4 -no-pie")]
    public void PlainC_Expressions_PrintAsGdb(string options) =>
        Check("gcc", options, "plain.c", "plain.expressions", 70);

    [ToolFact("g++", "gdb")]
    public void Numbers_OfAllFormats_PrintAsGdb() =>
        Check("g++", "-O0 -gdwarf-5", "numbers.cc", "numbers.expressions", 150);

    [ToolTheory("g++", "gdb")]
    [InlineData("-O0 -gdwarf-5")]
    [InlineData("-O0 -gdwarf-4 -fdebug-types-section")]
    public void Casts_BetweenClasses_PrintAsGdb(string options) =>
        Check("g++", options, "casts.cc", "casts.expressions", 50);

    [ToolTheory("clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("-O0 -gdwarf-5")]
    [InlineData("-O1 -gdwarf-4 -no-pie")]
    public void Clang_Expressions_PrintAsGdb(string options) => Check("clang++", options);

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Polymorphic_WholeObject_IsFoundByItsTable()
    {
        using var program = new StoppedProgram("g++", "-O0 -g -no-pie", "values.cc");

        Assert.Equal(
            program.Evaluate("&shop::derived").AsPointer(),
            program.Evaluate("*shop::other_ptr").WholeObject()!.Address
        );
        Assert.Equal("30", program.Print("dynamic_cast<shop::Derived *>(shop::other_ptr)->own"));
        Assert.Equal("(shop::Diamond *) 0x0", program.Print("dynamic_cast<shop::Diamond *>(shop::base_ptr)"));
    }

    private static void Check(
        string compiler,
        string options,
        string source = "values.cc",
        string expressions = "values.expressions",
        int atLeast = 300
    )
    {
        using var program = new StoppedProgram(compiler, options, source, expressions);
        var differences = new StringBuilder();
        int count = 0;
        foreach (string[] line in program.Printed)
        {
            string ours = program.Print(line[0], new ValueTextOptions { Raw = true });
            count++;

            if (!GdbText.IsSame(ours, line[1]))
                differences.Append($"{line[0]}\n  gdb:  {line[1]}\n  ours: {ours}\n");
        }

        Assert.True(differences.Length == 0, $"{count} expressions, {options}\n{differences}");
        Assert.True(count > atLeast);
    }
}
