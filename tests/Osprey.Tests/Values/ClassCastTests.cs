using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Values;

/// <summary>
/// Casts between classes, and pointers to members, in a real program. gdb gets these wrong or does not have them, so
/// the
/// program's own objects say what is right.
/// </summary>
public sealed class ClassCastTests
{
    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++", "-O0 -gdwarf-5 -no-pie")]
    [InlineData("g++", "-O0 -gdwarf-4 -fdebug-types-section")]
    [InlineData("clang++", "-O0 -gdwarf-5 -fstandalone-debug")]
    public void Cast_FindsTheObjectByItsTable_OrIsRefused(string compiler, string options)
    {
        using var program = new StoppedProgram(compiler, options, "casts.cc");

        Assert.Equal(
            [
                "true 4",
                "true 2",
                "true 3",
                "true 6",
                "true 4",
                "true 2",
                "true 7",
                "true 7",
                "true 6",
                "true 1",
                "true 12",
                "true 11",
            ],
            (
                (string[])
                    [
                        "((Whole *)root) == &whole|((Whole *)root)->whole",
                        "(Left *)root == left|((Left *)root)->left",
                        "(Right *)root == right|((Right *)root)->right",
                        "(Deep *)root_of_deeper == &deeper|((Deep *)root_of_deeper)->deep",
                        "(Whole *)root_of_deeper == whole_of_deeper|((Whole *)root_of_deeper)->whole",
                        "(Left *)root_of_deeper == (Left *)whole_of_deeper|((Left &)*root_of_deeper).left",
                        "(Deeper *)plain == &deeper|static_cast<Deeper *>(plain)->deeper",
                        "(Deeper *)whole_of_deeper == &deeper|dynamic_cast<Deeper &>(*root_of_deeper).deeper",
                        "(Deep *)whole_of_deeper == (Deep *)&deeper|((Deep *)whole_of_deeper)->deep",
                        "&(Root &)*left == root|((Root &)*right).root",
                        "(Twice *)second_root == &twice|((Twice *)second_root)->twice",
                        "(Twice2 *)second_root == (Twice2 *)&twice|((Twice2 *)second_root)->twice2",
                    ]
            ).Select(pair => string.Join(' ', pair.Split('|').Select(part => program.Print(part))))
        );
        Assert.Equal(
            [
                "error: The object is a Root, not a Whole.",
                "error: The object is a part of a Left, but of no Whole.",
                "error: Cannot access memory at address 0x8",
                "error: The real type of the Bare is not known, because it has no known table of virtual functions: "
                    + "the OnBare that it may be a part of can't be found.",
                "error: base class 'Root' is ambiguous in type 'Twice'",
                "error: Cannot access memory at address 0x8",
                "error: Cannot access memory at address 0x8",
            ],
            (
                (string[])
                    [
                        "((Whole *)to_plain_root)->whole",
                        "(Whole *)root_of_left",
                        "(Whole *)bad",
                        "(OnBare *)bare",
                        "(Root *)&twice",
                        "(Root *)(Left *)bad",
                        "dynamic_cast<Whole *>(bad)",
                    ]
            ).Select(expression => program.Print(expression))
        );
    }

    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++", "-O0 -gdwarf-5 -no-pie")]
    [InlineData("clang++", "-O0 -gdwarf-5 -fstandalone-debug")]
    public void MemberPointers_AndNullPointers_HaveNames(string compiler, string options)
    {
        using var program = new StoppedProgram(compiler, options, "casts.cc");

        Assert.Equal(
            [
                "&virtual Method::work()",
                "&virtual Method::more()",
                "NULL",
                "&Method::second",
                "&Method::first",
                "&Plain::plain",
                "true",
                "4",
                "8",
                "16",
                "true",
                "8",
            ],
            (
                (string[])
                    [
                        "virtual_method",
                        "second_virtual_method",
                        "no_method",
                        "second_member",
                        "&Method::first",
                        "&Deeper::plain",
                        "nothing == nullptr",
                        "(int)&Method::second - (int)&Method::first",
                        "sizeof(int Method::*)",
                        "sizeof(int (Method::*)(int))",
                        "nothing == 0",
                        "sizeof(nothing)",
                    ]
            ).Select(expression => program.Print(expression))
        );
    }

    [ToolTheory("g++", "clang++", "gdb")]
    [InlineData("g++", "-O0 -gdwarf-5 -no-pie")]
    [InlineData("g++", "-O0 -gdwarf-4 -fdebug-types-section")]
    [InlineData("clang++", "-O0 -gdwarf-5 -fstandalone-debug")]
    [InlineData("clang++", "-O0 -gdwarf-5 -fstandalone-debug -gsimple-template-names")]
    public void TemplateNames_AsWritten_AreFound(string compiler, string options)
    {
        using var program = new StoppedProgram(compiler, options, "casts.cc");

        Assert.Equal(
            [
                "{value = 97 'a'}",
                "{value = 97 'a'}",
                "{value = 97 'a'}",
                "{value = 97 'a'}",
                "{value = 98 'b'}",
                "{value = 98 'b'}",
                "{value = -5}",
                "{a = 4}",
                "{a = 4}",
                "{a = 4}",
                "{p = 5}",
                "{p = 5}",
                "{b = 6}",
                "{n = 7}",
                "{n = 7}",
                "{n = 7}",
                "{f = 0x0}",
                "{f = NULL}",
                "{count = 2}",
            ],
            (
                (string[])
                    [
                        "*(ns::TT<char, 'a'> *)&ns::tt",
                        "*(ns::TT<char, '\\141'> *)&ns::tt",
                        "*(ns::TT<char, (char)97> *)&ns::tt",
                        "*(ns::TT<char, 97> *)&ns::tt",
                        "*(ns::TT<unsigned char, 'b'> *)&ns::tu",
                        "*(ns::TT<unsigned char, 98> *)&ns::tu",
                        "*(ns::TT<int, -5> *)&ns::ti",
                        "*(ns::TA<ns::E2::Y> *)&ns::ta",
                        "*(ns::TA<E2::Y> *)&ns::ta",
                        "*(ns::TA<(ns::E2)1> *)&ns::ta",
                        "*(ns::TP<ns::B> *)&ns::tp",
                        "*(ns::TP<(ns::Plain)4> *)&ns::tp",
                        "*(ns::TB<true> *)&ns::tb",
                        "*(ns::TN<5> *)&ns::tn",
                        "*(ns::TN<5u, 3L> *)&ns::tn",
                        "*(ns::TN<5, 3> *)&ns::tn",
                        "*(ns::TF<int(*)(int)> *)&ns::tf",
                        "*(ns::TF<int Method::*> *)&ns::tm",
                        "*(ns::Pack<int, char> *)&ns::pack",
                    ]
            ).Select(expression => program.Print(expression))
        );
        Assert.StartsWith("error: ", program.Print("*(ns::TT<char, 'b'> *)&ns::tt"), StringComparison.Ordinal);
        Assert.StartsWith("error: ", program.Print("*(ns::TA<ns::E2::Z> *)&ns::ta"), StringComparison.Ordinal);
    }
}
