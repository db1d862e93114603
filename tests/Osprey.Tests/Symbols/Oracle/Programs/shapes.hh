#pragma once
#include <memory>
#include <string>
#include <vector>

namespace shapes {

class shape {
public:
    explicit shape(std::string name);
    virtual ~shape();
    virtual double area() const = 0;
    const std::string& name() const { return _name; }

private:
    std::string _name;
};

std::vector<std::unique_ptr<shape>> make(int count);
double total(const std::vector<std::unique_ptr<shape>>& all);

}
